package org.staffetta.deploy;

import org.staffetta.api.deploy.DeploymentException;

/** What was read is no whole jar: somebody may still be writing it. */
final class IncompleteException extends DeploymentException {

    private static final long serialVersionUID = 1L;

    IncompleteException(String message, Throwable cause) {
        super(message, cause);
    }

    IncompleteException(String message) {
        super(message);
    }
}
