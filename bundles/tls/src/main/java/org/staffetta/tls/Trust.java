package org.staffetta.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Judges the certificate of one server. Where nobody insists the judgement is only kept. For one connection. */
final class Trust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager authorities;
    private final boolean strict;
    private volatile boolean verified;

    Trust(X509ExtendedTrustManager authorities, boolean strict) {
        this.authorities = authorities;
        this.strict = strict;
    }

    /** Whether it was found to be of the name that was called, and of somebody trusted. */
    boolean verified() {
        return verified;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        judge(() -> authorities.checkServerTrusted(chain, kind, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
            throws CertificateException {
        judge(() -> authorities.checkServerTrusted(chain, kind, engine));
    }

    // without a connection there is no name to compare
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("the server's name is not known");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, @Nullable Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, @Nullable SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void judge(Check check) throws CertificateException {
        try {
            check.run();
            verified = true;
        } catch (CertificateException untrusted) {
            if (strict) {
                throw untrusted;
            }
        }
    }
}
