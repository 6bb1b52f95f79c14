package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.staffetta.testkit.Credulous;

/** Certificates of tests, and those who believe in them. */
final class Certificate {

    private Certificate() {}

    /** Makes one with OpenSSL; key and certificate appear in the file at once. */
    static void make(Path file, String name) throws Exception {
        make(file, name, "DNS:" + name);
    }

    /**
     * The same for other names.
     *
     * @param alternatives in OpenSSL's words: {@code DNS:mx.test,IP:127.0.0.1}
     */
    static void make(Path file, String name, String alternatives) throws Exception {
        Path key = file.resolveSibling(file.getFileName() + ".key");
        Path certificate = file.resolveSibling(file.getFileName() + ".crt");
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90",
                "-subj", "/CN=" + name, "-addext", "subjectAltName=" + alternatives, "-keyout", key.toString(), "-out",
                certificate.toString());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, Files.readString(key) + Files.readString(certificate));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Puts key and certificate into a PKCS#12 file, as OpenSSL makes it. */
    static void pack(Path pem, Path file, String password) throws Exception {
        openssl("pkcs12", "-export", "-in", pem.toString(), "-out", file.toString(), "-passout", "pass:" + password);
    }

    private static void openssl(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(openssl.getInputStream().readAllBytes(), UTF_8);
        if (openssl.waitFor() != 0) {
            throw new IOException(output);
        }
    }

    /** A client that has shaken hands over this socket. */
    static SSLSocket trustingAll(Socket over, String serverName) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{new Credulous()}, new SecureRandom());
            SSLSocket encrypted = (SSLSocket) context.getSocketFactory().createSocket(over, serverName,
                    over.getPort(), true);
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            encrypted.setSSLParameters(parameters);
            encrypted.startHandshake();
            return encrypted;
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }
}
