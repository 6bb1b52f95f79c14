package org.staffetta.domainkey;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.staffetta.api.mail.Header;

/** Signs whatever a test says, right or wrong. */
public final class TestSigner {

    private TestSigner() {}

    /**
     * The message with a signature, relaxed.
     *
     * @param tags all but {@code c}, {@code bh} and {@code b}; with {@code h}
     * @param octets of the body that are signed
     */
    public static TestMessage sign(TestMessage message, SigningKey key, String tags, Optional<Long> octets)
            throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.RELAXED, octets);
        hashes.read(message);
        String hash = Base64.getEncoder().encodeToString(hashes.hash(Canonicalization.RELAXED, octets));
        String unsigned = "DKIM-Signature: " + tags + "; c=relaxed/relaxed; bh=" + hash + "; b=";
        String names = tags.replaceAll("(?s).*?h=([^;]*).*", "$1").replaceAll("\\s", "");
        byte[] signed = SignatureField.signed(Canonicalization.RELAXED,
                new HeaderFields(message.headers()).select(Arrays.asList(names.split(":")), new Header(unsigned)),
                unsigned);
        return message.with(new Header(unsigned + Base64.getEncoder().encodeToString(key.sign(signed))));
    }
}
