package org.staffetta.api.deploy;

/** A bundle was not brought in, or not taken out. What served before serves on. */
public class DeploymentException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message one line for people: which jar or bundle, and why
     */
    public DeploymentException(String message) {
        super(message);
    }

    /** As above, with what lies behind it. */
    public DeploymentException(String message, Throwable cause) {
        super(message, cause);
    }
}
