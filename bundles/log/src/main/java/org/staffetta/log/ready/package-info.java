/**
 * Says when the server is ready, to a person and to a program.
 *
 * <p>Ready is when the installer has started all features, each configured listener is bound, and all who announce themselves have something to say; or
 * when that takes too long, and then it is said what is missing. A block for people goes to stdout, and after it one line for programs:
 * <pre>
 * ready: listener.smtp=127.0.0.1:2525 console=http://127.0.0.1:8480/system/console
 * </pre>
 * The same without {@code ready:} is in the file {@code ready} in the data folder as long as the server runs, and follows what changes.
 *
 * <p>Whoever wants to be in it registers a {@code java.util.function.Supplier} of a {@code List} of {@code String} as a service with the property
 * {@code staffetta.announce}, whose value is the name in the line above. The list is empty as long as there is nothing to say yet; else its first
 * element is the value in that line, and the others are lines for people. It is asked until it has something to say, and once a second after that;
 * what it says then is not printed any more.
 */
@NullMarked
package org.staffetta.log.ready;

import org.jspecify.annotations.NullMarked;
