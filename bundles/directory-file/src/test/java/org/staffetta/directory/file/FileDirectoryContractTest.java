package org.staffetta.directory.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import org.staffetta.api.directory.Directory;
import org.staffetta.testkit.DirectoryContract;

/** What every directory must do, by a file. */
class FileDirectoryContractTest extends DirectoryContract {

    private static final String FILE = """
            domain demo.test
            domain bücher.example
            account alice@demo.test tenant=demo
            account bob@demo.test
            account a+b@demo.test
            account "john doe"@demo.test
            account leser@bücher.example
            alias info@demo.test alice@demo.test, carol@elsewhere.example
            postmaster alice@demo.test
            """;

    @Override
    protected Directory directory() throws IOException {
        return new DirectoryReader("directory.txt", "+", 1 << 20).read(FILE.getBytes(UTF_8))::find;
    }
}
