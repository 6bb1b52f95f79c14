package org.staffetta.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the provider the identity for the name that the client asked for. */
final class ServerKeys extends X509ExtendedKeyManager {

    private final KeyRing ring;
    private final Map<String, Identity> chosen = new ConcurrentHashMap<>();

    ServerKeys(KeyRing ring) {
        this.ring = ring;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket ssl ? ssl.getHandshakeSession() : null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers,
            @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity(alias).map(one -> one.chain().toArray(X509Certificate[]::new)).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity(alias).map(Identity::key).orElse(null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    // a client of ours shows no certificate
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
            @Nullable Socket socket) {
        return null;
    }

    private Optional<Identity> identity(String alias) {
        return Optional.ofNullable(chosen.get(alias));
    }

    // the alias names the identity itself: what is chosen and what is shown are one, whatever comes in between
    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        Optional<Identity> identity = ring.choose(ServerName.asked(session), keyType);
        identity.ifPresent(one -> chosen.putIfAbsent(alias(one), one));
        return identity.map(ServerKeys::alias).orElse(null);
    }

    private static String alias(Identity identity) {
        return identity.name() + "." + identity.certificate().getSerialNumber();
    }
}
