package org.staffetta.filter.arc;

import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.TagList;

/**
 * An ARC-Message-Signature or ARC-Seal with its tags.
 *
 * @param header as it stands in the message
 * @param tags of it
 */
record ArcField(Header header, TagList tags) {}
