package org.staffetta.filter.spf;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.staffetta.filter.spf.Lookups.EndException;
import org.staffetta.filter.spf.MacroString.UnusableException;

/** The function {@code check_host} (RFC 7208 section 4), for one client and one sender. */
final class Check {

    // an include is a term that asks DNS, so that limit comes first; this one is for the stack's sake
    private static final int DEEPEST = 20;

    private final Subject subject;
    private final Lookups lookups;
    private final InstantSource time;

    Check(Subject subject, Lookups lookups, InstantSource time) {
        this.subject = subject;
        this.lookups = lookups;
        this.time = time;
    }

    /** How far the evaluation of one domain's record came. */
    private record Evaluation(Result result, String reason, String domain, Optional<MacroString> explanation) {}

    /** Checks the sender's domain. */
    Outcome run() {
        if (!Domains.isSender(subject.domain())) {
            return Outcome.of(Result.NONE, "not a domain that could publish a policy");
        }
        try {
            Evaluation end = evaluate(subject.domain(), 0);
            String explanation = end.result() == Result.FAIL ? explanation(end) : "";
            return new Outcome(end.result(), explanation, end.reason());
        } catch (EndException early) {
            return early.outcome();
        } catch (SyntaxException wrong) {
            return Outcome.of(Result.PERMERROR, String.valueOf(wrong.getMessage()));
        }
    }

    private Evaluation evaluate(String domain, int depth) throws EndException, SyntaxException {
        List<String> published = lookups.policies(domain);
        if (published.isEmpty()) {
            return new Evaluation(Result.NONE, domain + " has no policy", domain, Optional.empty());
        }
        if (published.size() > 1 || depth > DEEPEST) {
            throw new EndException(Result.PERMERROR, domain + " has more than one policy");
        }
        Policy policy = Policy.parse(published.getFirst());
        for (Directive directive : policy.directives()) {
            if (matches(directive.mechanism(), domain, depth)) {
                return new Evaluation(directive.result(), domain + ": " + directive.text(), domain,
                        policy.explanation());
            }
        }
        return redirected(policy, domain, depth);
    }

    private Evaluation redirected(Policy policy, String domain, int depth) throws EndException, SyntaxException {
        if (policy.redirect().isEmpty()) {
            return new Evaluation(Result.NEUTRAL, domain + ": nothing matches", domain, Optional.empty());
        }
        lookups.countTerm();
        Optional<String> target = name(policy.redirect().get(), domain);
        Evaluation there = target.isPresent()
                ? evaluate(target.get(), depth + 1)
                : new Evaluation(Result.NONE, "", domain, Optional.empty());
        if (there.result() == Result.NONE) {
            throw new EndException(Result.PERMERROR, domain + " redirects to where there is no policy");
        }
        return there;
    }

    private boolean matches(Mechanism mechanism, String domain, int depth) throws EndException, SyntaxException {
        switch (mechanism) {
            case Mechanism.All all -> {
                return true;
            }
            case Mechanism.In in -> {
                return in.network().contains(subject.client());
            }
            case Mechanism.Include include -> {
                lookups.countTerm();
                return included(name(include.domain(), domain), domain, depth);
            }
            case Mechanism.A a -> {
                lookups.countTerm();
                Optional<String> host = target(a.domain(), domain);
                return host.isPresent() && isAt(host.get(), a.prefixes());
            }
            case Mechanism.Mx mx -> {
                lookups.countTerm();
                Optional<String> target = target(mx.domain(), domain);
                return target.isPresent() && isExchanger(target.get(), mx.prefixes());
            }
            case Mechanism.Ptr ptr -> {
                lookups.countTerm();
                Optional<String> target = target(ptr.domain(), domain);
                return target.isPresent()
                        && lookups.validatedNames().stream().anyMatch(name -> Domains.isIn(name, target.get()));
            }
            case Mechanism.Exists exists -> {
                lookups.countTerm();
                Optional<String> target = name(exists.domain(), domain);
                return target.isPresent() && lookups.exists(target.get());
            }
        }
    }

    // the table of section 5.2
    private boolean included(Optional<String> target, String domain, int depth) throws EndException, SyntaxException {
        Result result = target.isPresent() ? evaluate(target.get(), depth + 1).result() : Result.NONE;
        if (result == Result.NONE) {
            throw new EndException(Result.PERMERROR,
                    domain + " includes one without a policy: " + target.orElse("no name"));
        }
        return result == Result.PASS;
    }

    private boolean isAt(String host, Mechanism.Prefixes prefixes) throws EndException {
        return lookups.addresses(host).stream()
                .anyMatch(address -> Network.of(address, prefixes).contains(subject.client()));
    }

    private boolean isExchanger(String domain, Mechanism.Prefixes prefixes) throws EndException {
        for (String host : lookups.exchangers(domain)) {
            if (isAt(host, prefixes)) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> target(Optional<MacroString> given, String domain) throws EndException {
        return given.isPresent() ? name(given.get(), domain) : Optional.of(domain);
    }

    /** The name that a domain-spec comes to; empty if none that DNS could be asked for (section 4.8). */
    private Optional<String> name(MacroString spec, String domain) throws EndException {
        try {
            String name = Domains.shortened(spec.expand(values(spec, domain)));
            return Domains.isName(name) ? Optional.of(name) : Optional.empty();
        } catch (UnusableException e) {
            return Optional.empty();
        }
    }

    private Macros values(MacroString text, String domain) throws EndException {
        return new Macros(subject, domain, text.uses('p') ? lookups.validatedNames() : List.of(), time);
    }

    // whatever goes wrong with an explanation, there is none (section 6.2)
    private String explanation(Evaluation end) {
        if (end.explanation().isEmpty()) {
            return "";
        }
        try {
            Optional<String> name = name(end.explanation().get(), end.domain());
            List<String> texts = name.map(lookups::explanations).orElse(List.of());
            if (texts.size() != 1) {
                return "";
            }
            MacroString text = MacroString.explanation(texts.getFirst());
            return text.expand(values(text, end.domain()));
        } catch (SyntaxException | UnusableException | EndException e) {
            return "";
        }
    }
}
