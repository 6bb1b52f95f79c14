package org.staffetta.domainkey;

/** Why a signature does not pass. */
public final class UnverifiedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Result result;

    /**
     * Makes the exception.
     *
     * @param result anything but {@link Result#PASS}
     * @param reason one line for a person, without anything from the message or from DNS that was not checked
     */
    public UnverifiedException(Result result, String reason) {
        super(reason, null, false, false);
        this.result = result;
    }

    /** What is to be said of the signature. */
    public Result result() {
        return result;
    }

    /** One line for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** What cannot be understood. */
    static UnverifiedException malformed(String reason) {
        return new UnverifiedException(Result.PERMERROR, reason);
    }
}
