package org.staffetta.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a foreign page makes a browser send does nothing here. */
class RequestOriginTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # what                           | method | site        | mode     | origin                      | referer                       | foreign
            a visit                          | GET    | none        | navigate | -                           | -                             | false
            a link from elsewhere            | GET    | cross-site  | navigate | -                           | https://mail.example/         | false
            an image on a foreign page       | GET    | cross-site  | no-cors  | -                           | https://evil.example/         | true
            a page on another local port     | GET    | same-site   | cors     | http://127.0.0.1:3000       | -                             | true
            our own script                   | GET    | same-origin | cors     | -                           | http://127.0.0.1:8480/x       | false
            curl                             | GET    | -           | -        | -                           | -                             | false
            our own form                     | POST   | same-origin | navigate | http://127.0.0.1:8480       | http://127.0.0.1:8480/x       | false
            a form on a foreign page         | POST   | cross-site  | navigate | https://evil.example        | -                             | true
            a form on another local port     | POST   | same-site   | navigate | http://127.0.0.1:3000       | -                             | true
            a sandboxed frame                | POST   | cross-site  | navigate | null                        | -                             | true
            an old browser, our form         | POST   | -           | -        | http://127.0.0.1:8480       | -                             | false
            an old browser, foreign form     | POST   | -           | -        | https://evil.example        | -                             | true
            an old browser, sandboxed        | POST   | -           | -        | null                        | -                             | true
            an older one, our form           | POST   | -           | -        | -                           | http://127.0.0.1:8480/y?z     | false
            an older one, foreign form       | POST   | -           | -        | -                           | http://evil.example/127.0.0.1:8480 | true
            our name as a part of theirs     | POST   | -           | -        | http://127.0.0.1:8480.evil.example | -                      | true
            our name as their user           | POST   | -           | -        | http://127.0.0.1:8480@evil.example | -                      | true
            no URL                           | POST   | -           | -        | http://[                    | -                             | true
            curl                             | POST   | -           | -        | -                           | -                             | false
            a foreign script with a method   | DELETE | cross-site  | cors     | https://evil.example        | -                             | true
            any method but a safe one        | PATCH  | -           | -        | https://evil.example        | -                             | true
            """)
    void foreign(String what, String method, String site, String mode, String origin, String referer, boolean foreign) {
        assertThat(new RequestOrigin(method, "127.0.0.1:8480", site, mode, origin, referer).isForeign()).as(what)
                .isEqualTo(foreign);
    }

    @ParameterizedTest
    @CsvSource({"mx.example.org, https://mx.example.org, false", "mx.example.org, https://mx.example.org:443, false",
            "mx.example.org:443, https://MX.example.org, false", "mx.example.org, https://mx.example.org:8443, true",
            "localhost:8480, http://127.0.0.1:8480, true"})
    void behind_a_proxy_the_host_is_what_the_browser_sees(String host, String origin, boolean foreign) {
        assertThat(new RequestOrigin("POST", host, null, null, origin, null).isForeign()).isEqualTo(foreign);
    }
}
