package org.staffetta.testkit;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes every certificate, whoever shows it and whatever name is in it: for tests that look at what is shown. */
public final class Credulous extends X509ExtendedTrustManager {

    /** Believes from now on. */
    public Credulous() {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {
        // whoever it is
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
        // whoever it is
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
        // whoever it is
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
        // whoever it is
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {
        // whoever it is
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {
        // whoever it is
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
