package org.staffetta.deploy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of deployment. Durations are a number and one of ms, s, m, h, d. */
@ObjectClassDefinition(name = "Staffetta deployment", description = "How bundles are brought into the running server.")
@interface DeployConfig {

    @AttributeDefinition(name = "Versions kept", description = "How many versions of a bundle are kept to go back to, the present one included.", min = "1", max = "100")
    int keep() default 5;

    @AttributeDefinition(name = "Trusted signers", description = "A PEM or PKCS#12 file with the certificates of those whose signature a jar must bear, or of who certified them; relative to the folder of the configuration. Empty: signatures are not looked at.")
    String trust_store() default "";

    @AttributeDefinition(name = "Password of the trusted signers", description = "The password of a PKCS#12 file.", type = AttributeType.PASSWORD)
    String trust_password() default "";

    @AttributeDefinition(name = "Rollback within", description = "A bundle one of whose plug-ins has its circuit breaker open so soon after an update is rolled back; 0s: never.")
    String rollback_within() default "5m";

    @AttributeDefinition(name = "Start timeout", description = "What a bundle may take to start, and again to check itself.")
    String start_timeout() default "30s";
}
