package org.staffetta.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One that gives certificates to servers, as good as any that people trust; made with OpenSSL. */
final class Authority {

    // an address for revocation lists belongs to a certificate that others find nothing to complain of
    private static final String RULES = """
            [req]
            distinguished_name = dn
            [dn]
            [authority]
            basicConstraints = critical, CA:TRUE
            keyUsage = critical, keyCertSign, cRLSign
            subjectKeyIdentifier = hash
            [server]
            basicConstraints = critical, CA:FALSE
            keyUsage = critical, digitalSignature
            extendedKeyUsage = serverAuth
            subjectKeyIdentifier = hash
            authorityKeyIdentifier = keyid
            crlDistributionPoints = URI:http://crl.authority.test/crl
            """;
    private static final List<String> EC = List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
    private static final List<String> RSA = List.of("-newkey", "rsa:2048");

    private final Path folder;

    /** Makes its own certificate. */
    Authority(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Files.writeString(folder.resolve("openssl.cnf"), RULES);
        openssl("authority", EC, "-subj", "/CN=Authority of tests", "-extensions", "authority");
    }

    /** Its own certificate, to be trusted. */
    Path certificate() {
        return folder.resolve("authority.crt");
    }

    /** A certificate with an EC key for these names: a file with key and certificate. */
    Path issue(String file, String... names) throws IOException, InterruptedException {
        return issue(file, EC, names);
    }

    /** The same with an RSA key. */
    Path issueRsa(String file, String... names) throws IOException, InterruptedException {
        return issue(file, RSA, names);
    }

    private Path issue(String file, List<String> key, String... names) throws IOException, InterruptedException {
        String alternatives = Stream.of(names).map(name -> "DNS:" + name).collect(Collectors.joining(","));
        openssl(file, key, "-subj", "/CN=" + names[0], "-extensions", "server", "-addext",
                "subjectAltName=" + alternatives, "-CA", certificate().toString(), "-CAkey",
                folder.resolve("authority.key").toString());
        return Files.writeString(folder.resolve(file + ".pem"),
                Files.readString(folder.resolve(file + ".key")) + Files.readString(folder.resolve(file + ".crt")));
    }

    private void openssl(String file, List<String> key, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-config",
                folder.resolve("openssl.cnf").toString(), "-nodes", "-sha256", "-days", "90", "-keyout",
                folder.resolve(file + ".key").toString(), "-out", folder.resolve(file + ".crt").toString()));
        command.addAll(key);
        command.addAll(List.of(options));
        Programs.run(command.toArray(String[]::new));
    }
}
