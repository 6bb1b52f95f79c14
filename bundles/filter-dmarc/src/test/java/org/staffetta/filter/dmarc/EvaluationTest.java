package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.filter.Finding;

/** What passes, what fails, and what nobody can know. */
class EvaluationTest {

    private static final Finding NO_DKIM = new Finding("dkim", "none", Map.of());
    private static final Finding NO_SPF = new Finding("spf", "none", Map.of("smtp.mailfrom", "other.example"));

    private final Zone zone = new Zone().txt("_dmarc.example.org", "v=DMARC1; p=reject")
            .txt("_dmarc.strict.org", "v=DMARC1; p=reject; adkim=s; aspf=s")
            .txt("_dmarc.own.example.org", "v=DMARC1; p=none; psd=n").host("sub.example.org");

    private static Finding dkim(String result, String domain) {
        return new Finding("dkim", result, Map.of("header.d", domain));
    }

    private static Finding spf(String result, String domain) {
        return new Finding("spf", result, Map.of("smtp.mailfrom", domain));
    }

    private Judgement judge(String author, Finding... findings) {
        return new Evaluation(zone).judge(author, List.of(findings), false);
    }

    @ParameterizedTest
    @CsvSource({"example.org,example.org,PASS", "example.org,a.b.example.org,PASS", "sub.example.org,example.org,PASS",
            "a.example.org,b.example.org,PASS", "example.org,example.com,FAIL", "example.org,notexample.org,FAIL",
            "example.org,org,FAIL", "example.org,own.example.org,FAIL", "own.example.org,example.org,FAIL",
            "own.example.org,own.example.org,PASS", "strict.org,strict.org,PASS", "strict.org,a.strict.org,FAIL",
            "a.strict.org,strict.org,FAIL", "a.strict.org,a.strict.org,PASS", "example.org,EXAMPLE.org,PASS",
            "example.org,example.org.,FAIL", "example.org,'',FAIL"})
    void alignment(String author, String identifier, Judgement.Result result) {
        assertThat(judge(author, dkim("pass", identifier), NO_SPF).result()).isEqualTo(result);
        assertThat(judge(author, NO_DKIM, spf("pass", identifier)).result()).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"fail", "policy", "neutral", "permerror", "none", "softfail", "PASS", "passed", "''"})
    void nothing_but_pass_passes(String result) {
        assertThat(judge("example.org", dkim(result, "example.org"), spf(result, "example.org")).result())
                .isEqualTo(Judgement.Result.FAIL);
    }

    @Test
    void one_of_many_is_enough() {
        Judgement judgement = judge("example.org", dkim("fail", "example.org"), dkim("pass", "list.example"),
                dkim("pass", "mail.example.org"), spf("pass", "list.example"));

        assertThat(judgement.result()).isEqualTo(Judgement.Result.PASS);
        assertThat(judgement.dkim()).isTrue();
        assertThat(judgement.spf()).isFalse();
    }

    @Test
    void the_name_in_helo_counts_for_bounces_only() {
        Finding helo = new Finding("spf", "pass", Map.of("smtp.helo", "example.org"));

        assertThat(new Evaluation(zone).judge("example.org", List.of(NO_DKIM, helo), true).result())
                .isEqualTo(Judgement.Result.PASS);
        assertThat(judge("example.org", NO_DKIM, helo, spf("none", "other.example")).result())
                .isEqualTo(Judgement.Result.FAIL);
    }

    @Test
    void without_a_record_there_is_nothing_to_say() {
        assertThat(judge("example.net", dkim("pass", "example.net"), NO_SPF).result()).isEqualTo(Judgement.Result.NONE);
    }

    @Test
    void the_wish_of_a_domain_for_those_below_and_those_that_do_not_exist() {
        zone.txt("_dmarc.example.com", "v=DMARC1; p=reject; sp=quarantine; np=none").host("there.example.com");

        assertThat(judge("example.com", NO_DKIM, NO_SPF).wish()).isEqualTo(Disposition.REJECT);
        assertThat(judge("there.example.com", NO_DKIM, NO_SPF).wish()).isEqualTo(Disposition.QUARANTINE);
        assertThat(judge("ghost.example.com", NO_DKIM, NO_SPF).wish()).isEqualTo(Disposition.NONE);
    }

    @Test
    void in_test_mode_it_is_one_level_milder() {
        zone.txt("_dmarc.example.com", "v=DMARC1; p=quarantine; t=y");

        assertThat(judge("example.com", NO_DKIM, NO_SPF).wish()).isEqualTo(Disposition.NONE);
        assertThat(judge("example.com", NO_DKIM, NO_SPF).testing()).isTrue();
    }

    @Test
    void what_dns_does_not_tell_neither_fails_nor_passes() {
        assertThat(judge("example.org", dkim("temperror", "example.org"), NO_SPF).result())
                .isEqualTo(Judgement.Result.TEMPERROR);
        assertThat(judge("example.org", dkim("temperror", "example.com"), NO_SPF).result())
                .isEqualTo(Judgement.Result.FAIL);
        assertThat(judge("example.org", dkim("temperror", "example.org"), spf("pass", "example.org")).result())
                .isEqualTo(Judgement.Result.PASS);
        zone.silent("_dmarc.mail.example.org").silent("_dmarc.silent.net");
        assertThat(judge("example.org", dkim("pass", "mail.example.org"), NO_SPF).result())
                .isEqualTo(Judgement.Result.TEMPERROR);
        assertThat(judge("silent.net", dkim("pass", "silent.net"), NO_SPF).result())
                .isEqualTo(Judgement.Result.TEMPERROR);
    }

    @Test
    void a_filter_that_was_not_asked_is_no_reason_to_refuse_and_told() {
        Judgement judgement = judge("example.org", NO_SPF);

        assertThat(judgement.result()).isEqualTo(Judgement.Result.PERMERROR);
        assertThat(judgement.reason()).isEqualTo("the filter dkim was not asked before dmarc");
        assertThat(judge("example.org", spf("pass", "example.org")).result()).isEqualTo(Judgement.Result.PASS);
    }

    @Test
    void a_policy_that_cannot_be_understood_is_none_or_no_policy() {
        zone.txt("_dmarc.one.com", "v=DMARC1; p=rejct; rua=mailto:a@one.com").txt("_dmarc.two.com",
                "v=DMARC1; p=rejct");

        assertThat(judge("one.com", NO_DKIM, NO_SPF).result()).isEqualTo(Judgement.Result.FAIL);
        assertThat(judge("one.com", NO_DKIM, NO_SPF).wish()).isEqualTo(Disposition.NONE);
        assertThat(judge("two.com", NO_DKIM, NO_SPF).result()).isEqualTo(Judgement.Result.NONE);
    }

    @Test
    void identifiers_of_other_organizations_cost_no_question() {
        judge("example.org", dkim("pass", "a.b.c.evil.example"), spf("pass", "x.y.evil.example"));

        assertThat(zone.asked).containsExactly("_dmarc.example.org", "_dmarc.org");
    }
}
