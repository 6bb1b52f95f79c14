package org.staffetta.spool.file;

/** Queue ids as text: ten digits to the base of 32 (no I, L, O, U), whose order as text is that of the numbers. */
final class QueueId {

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 10;
    private static final int BITS = 5;

    private QueueId() {}

    static String format(long number) {
        char[] text = new char[LENGTH];
        long rest = number;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (rest & 31));
            rest >>>= BITS;
        }
        return new String(text);
    }

    /** The number; -1 if the text is no queue id of ours. */
    static long parse(String text) {
        if (text.length() != LENGTH) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                return -1;
            }
            number = number << BITS | digit;
        }
        return number;
    }
}
