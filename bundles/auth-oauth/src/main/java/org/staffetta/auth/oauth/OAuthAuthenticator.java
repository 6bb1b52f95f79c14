package org.staffetta.auth.oauth;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.plugin.Plugins;

/** The two mechanisms as a service, as long as there is an issuer: some clients try nothing else when one that is offered fails. */
@Component(immediate = true, property = {"staffetta.mechanism=" + BearerLogin.OAUTHBEARER,
        "staffetta.mechanism=" + BearerLogin.XOAUTH2})
public final class OAuthAuthenticator implements Authenticator {

    private final List<Issuer> issuers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Plugins plugins;

    /** Whoever lends plug-ins may be replaced: the next is there before this one goes. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindPlugins(Plugins lender) {
        plugins = lender;
    }

    void unbindPlugins(Plugins lender) {
        // logins that have begun go on with it
    }

    /** Somebody's tokens are believed. */
    @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindIssuer(Issuer issuer) {
        issuers.add(issuer);
    }

    void unbindIssuer(Issuer issuer) {
        issuers.remove(issuer);
    }

    @Override
    public Decision authenticate(Dialogue dialogue) throws IOException {
        Plugins lender = Objects.requireNonNull(plugins, "nobody lends plug-ins");
        return new BearerLogin(List.copyOf(issuers), new Accounts(lender)).authenticate(dialogue);
    }
}
