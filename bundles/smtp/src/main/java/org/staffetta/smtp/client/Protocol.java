package org.staffetta.smtp.client;

/** Which of the two dialects is spoken. */
public enum Protocol {
    /** RFC 5321: one reply to the end of data. */
    SMTP,
    /** RFC 2033: LHLO in place of EHLO, and a reply to the end of data for each recipient that was taken. */
    LMTP
}
