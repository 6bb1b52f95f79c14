package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.staffetta.api.dns.DnsException;

/** The walk, by the examples of RFC 9989 section 4.10 and what a stranger might publish. */
class TreeWalkTest {

    private final Zone zone = new Zone();

    private TreeWalk.Path walk(String domain) throws DnsException {
        return new TreeWalk(zone).from(domain);
    }

    @Test
    void at_most_eight_questions_however_long_the_name() throws DnsException {
        walk("a.b.c.d.e.f.g.h.i.j.mail.example.com");

        assertThat(zone.asked).containsExactly("_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
                "_dmarc.g.h.i.j.mail.example.com", "_dmarc.h.i.j.mail.example.com", "_dmarc.i.j.mail.example.com",
                "_dmarc.j.mail.example.com", "_dmarc.mail.example.com", "_dmarc.example.com", "_dmarc.com");
    }

    @Test
    void a_name_of_127_labels_and_one_of_eight() throws DnsException {
        walk("a.".repeat(123) + "example.com");
        assertThat(zone.asked).as("the first has more octets than a name").hasSize(7);
        zone.asked.clear();
        walk("a.b.c.d.e.f.example.com");
        assertThat(zone.asked).hasSize(8).contains("_dmarc.b.c.d.e.f.example.com");
    }

    @Test
    void the_highest_record_is_the_organization() throws DnsException {
        zone.txt("_dmarc.mail.example.com", "v=DMARC1; p=none").txt("_dmarc.example.com", "v=DMARC1; p=reject");

        assertThat(walk("a.mail.example.com").organization()).isEqualTo("example.com");
        assertThat(walk("a.mail.example.com").policy()).map(TreeWalk.Found::domain).hasValue("example.com");
        assertThat(walk("mail.example.com").policy()).map(TreeWalk.Found::domain).hasValue("mail.example.com");
    }

    @Test
    void one_that_says_that_it_is_the_organization_ends_the_walk() throws DnsException {
        zone.txt("_dmarc.mail.example.com", "v=DMARC1; psd=n; p=none").txt("_dmarc.example.com", "v=DMARC1; p=reject");

        assertThat(walk("a.mail.example.com").organization()).isEqualTo("mail.example.com");
        assertThat(zone.asked).containsExactly("_dmarc.a.mail.example.com", "_dmarc.mail.example.com");
    }

    @Test
    void below_a_public_suffix_is_the_organization_and_its_policy_applies_if_there_is_no_other() throws DnsException {
        zone.txt("_dmarc.com", "v=DMARC1; psd=y; p=reject").txt("_dmarc.b.example.com", "v=DMARC1; p=none");

        assertThat(walk("a.mail.example.com").organization()).isEqualTo("example.com");
        assertThat(walk("a.mail.example.com").policy()).map(TreeWalk.Found::domain).hasValue("com");
        assertThat(walk("a.b.example.com").policy()).as("neither author nor organization").map(TreeWalk.Found::domain)
                .hasValue("com");
        assertThat(walk("com").organization()).isEqualTo("com");
    }

    @Test
    void without_a_record_there_is_no_policy_and_the_domain_is_its_own_organization() throws DnsException {
        assertThat(walk("a.example.com").organization()).isEqualTo("a.example.com");
        assertThat(walk("a.example.com").policy()).isEmpty();
    }

    @Test
    void several_records_are_as_good_as_none() throws DnsException {
        zone.txt("_dmarc.example.com", "v=DMARC1; p=reject").txt("_dmarc.example.com", "v=DMARC1; p=none");
        assertThat(walk("example.com").policy()).isEmpty();

        zone.txt("_dmarc.example.net", "v=spf1 -all").txt("_dmarc.example.net", "v=DMARC1; p=reject")
                .txt("_dmarc.example.net", "v=DMARC2; p=none").txt("_dmarc.example.net", " v=DMARC1; p=none");
        assertThat(walk("example.net").policy()).isPresent();
    }

    @Test
    void no_answer_is_not_no_record() {
        zone.silent("_dmarc.example.com").txt("_dmarc.com", "v=DMARC1; p=none");

        assertThatThrownBy(() -> walk("a.example.com")).isInstanceOf(DnsException.class);
    }

    @Test
    void no_name_is_asked_for_twice() throws DnsException {
        TreeWalk walk = new TreeWalk(zone);
        walk.from("a.example.com");
        walk.from("b.example.com");

        assertThat(zone.asked).doesNotHaveDuplicates().hasSize(4);
    }
}
