package org.staffetta.deploy;

import org.staffetta.api.deploy.DeploymentException;

/** A bundle lacks something that another one may bring: it is worth another try when one has come. */
final class UnresolvedException extends DeploymentException {

    private static final long serialVersionUID = 1L;

    UnresolvedException(String message) {
        super(message);
    }
}
