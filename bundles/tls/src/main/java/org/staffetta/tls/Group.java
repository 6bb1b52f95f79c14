package org.staffetta.tls;

import java.util.Arrays;
import java.util.Optional;

/** Groups for the exchange of keys, by IANA's register. Which of them a provider has is its own business. */
enum Group {
    SECP256R1(0x0017, "secp256r1"), SECP384R1(0x0018, "secp384r1"), SECP521R1(0x0019, "secp521r1"), X25519(0x001d,
            "x25519"), X448(0x001e, "x448"), FFDHE2048(0x0100, "ffdhe2048"), FFDHE3072(0x0101, "ffdhe3072"), FFDHE4096(
                    0x0102, "ffdhe4096"), FFDHE6144(0x0103, "ffdhe6144"), FFDHE8192(0x0104,
                            "ffdhe8192"), SECP256R1_MLKEM768(0x11eb, "SecP256r1MLKEM768"), X25519_MLKEM768(0x11ec,
                                    "X25519MLKEM768"), SECP384R1_MLKEM1024(0x11ed, "SecP384r1MLKEM1024");

    private final int number;
    private final String title;

    Group(int number, String title) {
        this.number = number;
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether it withstands a quantum computer, besides. */
    boolean isHybrid() {
        return title.contains("MLKEM");
    }

    static Optional<Group> named(int number) {
        return Arrays.stream(values()).filter(group -> group.number == number).findFirst();
    }

    static Optional<Group> named(String title) {
        return Arrays.stream(values()).filter(group -> group.title.equalsIgnoreCase(title)).findFirst();
    }
}
