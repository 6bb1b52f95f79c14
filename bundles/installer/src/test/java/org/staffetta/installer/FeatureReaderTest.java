package org.staffetta.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.installer.Feature.Part;

class FeatureReaderTest {
    @TempDir
    Path folder;

    private Feature read(String text) throws IOException {
        return new FeatureReader(new FeatureServiceImpl()).read(Files.writeString(folder.resolve("mail.json"), text));
    }

    @Test
    void coordinates_become_the_names_of_jars() throws IOException {
        Feature feature = read("""
                {
                  // comments are allowed
                  "id": "org.example:mail:1.0",
                  "bundles": [
                    {"id": "org.example:org.example.first:1.2.3", "start-order": "2"},
                    {"id": "org.example:second:1.0-SNAPSHOT", "start-order": 7}, /* also such */
                    {"id": "org.example:third:jar:tests:4"}
                  ]
                }
                """);
        assertThat(feature.file()).isEqualTo("mail.json");
        assertThat(feature.parts()).containsExactly(new Part("org.example.first-1.2.3.jar", 2),
                new Part("second-1.0-SNAPSHOT.jar", 7), new Part("third-4-tests.jar", 3));
    }

    @Test
    void configurations_are_typed_and_know_their_factory() throws IOException {
        Feature feature = read("""
                {"id": "org.example:mail:1.0", "configurations": {
                  "org.example.one": {"word": "yes", "number:Integer": 5},
                  "org.example.factory~name": {"list": ["a", "b"]}}}
                """);
        assertThat(feature.configurations()).containsOnlyKeys("org.example.one", "org.example.factory~name");
        assertThat(feature.configurations().get("org.example.one")).isEqualTo(Map.of("word", "yes", "number", 5));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"bundles": []}                                                                      | mail.json
            {"id": "a:b:1"}                                                                      | neither
            {"id": "a:b:1", "bundles": ["a:plain:1"]}                                            | objects with an "id"
            {"id": "a:b:1", "bundles": [{"id": "only-one-part"}]}                                | mail.json
            {"id": "a:b:1", "bundles": [{"id": "a:c:1", "start-order": "21"}]}                   | start-order of a:c:1 is 1 to 20, not 21
            {"id": "a:b:1", "bundles": [{"id": "a:c:1", "start-order": "soon"}]}                 | not soon
            {"id": "a:b:1", "bundles": [{"id": "a:../../etc/x:1"}]}                              | is not the id of an artifact
            {"id": "a:b:1", "bundles": [                                                         | line no=1
            """)
    void what_is_no_feature_is_refused_with_the_file_and_the_reason(String text, String reason) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class).hasMessageContaining("mail.json")
                .hasMessageContaining(reason);
    }
}
