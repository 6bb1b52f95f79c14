/**
 * What happens, told once: the log, the trace, metrics and the console all listen to the same events.
 *
 * <p>Parts publish to {@link org.staffetta.api.event.MailEvents}; whoever wants to know registers a
 * {@link org.staffetta.api.event.MailEventListener} as an OSGi service.
 *
 * <p>What happened to one message can be read again later from the {@link org.staffetta.api.event.MailTrail}.
 */
@NullMarked
@Export
@Version("1.2.0")
package org.staffetta.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
