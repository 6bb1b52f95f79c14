package org.staffetta.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A requirement's filter, as a manifest would write the range. */
class NeedsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "(&(osgi.wiring.package=a)(version>=2.0.0)(!(version>=3.0.0)))          | [2.0,3)",
            "(&(osgi.wiring.package=a)(version>=1.2.3)(!(version>=1.3.0)))          | [1.2.3,1.3)",
            "(&(osgi.wiring.package=a)(!(version<=1.0.0))(version<=2.0.0))          | (1.0,2]",
            "(&(osgi.wiring.package=a)(!(version>=2.0.0)))                          | [0,2)",
            "(&(osgi.wiring.package=a)(version>=1.5.0))                             | 1.5 or newer",
            "(&(osgi.ee=JavaSE)(version=25))                                        | 25",
            "(&(osgi.wiring.bundle=a)(bundle-version>=1.0.0)(!(bundle-version>=2.0.0))) | [1.0,2)",
            "(osgi.wiring.package=a)                                                | ''"})
    void range(String filter, String range) {
        assertThat(Needs.range(filter)).isEqualTo(range);
    }
}
