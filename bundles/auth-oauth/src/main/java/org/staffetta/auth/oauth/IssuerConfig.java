package org.staffetta.auth.oauth;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One issuer of tokens, as an operator writes it: {@code oauth.<name>.*}. */
@ObjectClassDefinition(name = "OAuth issuer", description = "Whose access tokens log people in, by OAUTHBEARER and XOAUTH2.")
public @interface IssuerConfig {

    @AttributeDefinition(name = "Issuer", description = "Who it is, to the letter as tokens say (iss): https://id.example.org/realms/mail")
    String issuer();

    @AttributeDefinition(name = "Audience", description = "For whom tokens must be (aud): one of these.")
    String[] audience();

    @AttributeDefinition(name = "Keys", description = "A file with the issuer's public keys, as JSON Web Key Set or PEM; a relative path starts at the configuration folder. Or where such a key set is, as https://id.example.org/certs.")
    String keys();

    @AttributeDefinition(name = "Time between two looks at a URL", description = "As 1h: how often keys at a URL are fetched.")
    String keys_refresh() default "1h";

    @AttributeDefinition(name = "Claim with the account", description = "Which claim of the token is the address of the account: email, preferred_username, sub, or another.")
    String account_claim() default "email";

    @AttributeDefinition(name = "Domain of accounts", required = false, description = "Is put behind what has no domain, as user names often have none.")
    String account_domain() default "";

    @AttributeDefinition(name = "Scope", required = false, description = "What a token must give the right to: all of these.")
    String[] scope() default {};

    @AttributeDefinition(name = "Algorithms", description = "By which tokens may be signed: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA.")
    String[] algorithms() default {"RS256", "ES256", "EdDSA"};

    @AttributeDefinition(name = "Tolerance of clocks", description = "As 60s: by how much the issuer's clock may differ from ours; 10m at most.")
    String clock_tolerance() default "60s";
}
