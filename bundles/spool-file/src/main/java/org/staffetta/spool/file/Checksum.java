package org.staffetta.spool.file;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** CRC32C (Castagnoli), for which processors have an instruction. */
final class Checksum {

    private Checksum() {}

    static int of(ByteBuffer octets) {
        return of(List.of(octets));
    }

    /** Of the parts as if they were one. */
    static int of(List<ByteBuffer> parts) {
        CRC32C crc = new CRC32C();
        parts.forEach(part -> crc.update(part.duplicate()));
        return (int) crc.getValue();
    }
}
