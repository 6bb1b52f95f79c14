package org.staffetta.filter.arc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.KeyLookup;
import org.staffetta.domainkey.Result;
import org.staffetta.domainkey.Seal;
import org.staffetta.domainkey.SignatureField;
import org.staffetta.domainkey.UnverifiedException;

/** Verifies the chain of one message (RFC 8617 section 5.2). */
final class Validator {

    private final KeyLookup keys;

    Validator(Dns dns) {
        this.keys = new KeyLookup(dns);
    }

    /**
     * Verifies.
     *
     * @throws IOException if the message cannot be read
     */
    ChainResult validate(Message message) throws IOException {
        try {
            List<ArcSet> sets = Chain.of(message.headers()).sets();
            return sets.isEmpty() ? ChainResult.none() : validate(sets, message);
        } catch (UnverifiedException why) {
            ChainResult.Status status = why.result() == Result.TEMPERROR
                    ? ChainResult.Status.TEMPERROR
                    : ChainResult.Status.FAIL;
            return ChainResult.not(status, why.reason());
        }
    }

    private ChainResult validate(List<ArcSet> sets, Message message) throws IOException, UnverifiedException {
        for (ArcSet set : sets) {
            requireStatus(set);
        }
        SignatureField newest = signature(sets.getLast());
        BodyHashes hashes = new BodyHashes();
        newest.want(hashes);
        List<Optional<SignatureField>> older = older(sets, hashes);
        hashes.read(message);
        HeaderFields fields = new HeaderFields(message.headers());
        newest.verify(newest.key(keys), fields, hashes);
        for (int i = sets.size(); i > 0; i--) {
            verifySeal(sets.subList(0, i));
        }
        Set<Integer> intact = new HashSet<>(Set.of(sets.size()));
        for (int i = older.size() - 1; i >= 0 && isValid(older.get(i), fields, hashes); i--) {
            intact.add(i + 1);
        }
        return new ChainResult(ChainResult.Status.PASS, "", sets, intact);
    }

    // steps 2 and 3
    private static void requireStatus(ArcSet set) throws UnverifiedException {
        String expected = set.instance() == 1 ? "none" : "pass";
        if (!set.chainStatus().equals(expected)) {
            boolean failed = set.chainStatus().equals("fail");
            throw new UnverifiedException(Result.FAIL, failed
                    ? "the chain was broken before, says instance " + set.instance()
                    : "instance " + set.instance() + " does not say cv=" + expected);
        }
    }

    // all of them, so that the body is read once. A part of the body would have to be hashed for each, so such a one does not count
    private static List<Optional<SignatureField>> older(List<ArcSet> sets, BodyHashes hashes) {
        List<Optional<SignatureField>> older = new ArrayList<>();
        for (ArcSet set : sets.subList(0, sets.size() - 1)) {
            Optional<SignatureField> field = Optional.empty();
            try {
                field = Optional.of(signature(set)).filter(one -> !one.tags().has("l"));
            } catch (UnverifiedException malformed) {
                // it is not valid then, which does not matter for the chain
            }
            field.ifPresent(one -> one.want(hashes));
            older.add(field);
        }
        return older;
    }

    private boolean isValid(Optional<SignatureField> field, HeaderFields fields, BodyHashes hashes) {
        if (field.isEmpty()) {
            return false;
        }
        try {
            field.get().verify(field.get().key(keys), fields, hashes);
            return true;
        } catch (UnverifiedException changed) {
            return false;
        }
    }

    private static SignatureField signature(ArcSet set) throws UnverifiedException {
        ArcField field = set.signature();
        // ARC is relaxed all through: who does not say so means it nevertheless, and so the others read it
        SignatureField signature = SignatureField.parse(field.header(), field.tags(), Canonicalization.Pair.RELAXED);
        if (!field.tags().has("h")) {
            throw field.tags().malformed("h");
        }
        for (String name : signature.signedFields()) {
            // RFC 8617 section 4.1.2; an empty list is no good, but says nothing wrong
            if (name.equalsIgnoreCase(ArcSet.SEAL) || !name.isEmpty() && !name.matches("[!-9<-~]+")) {
                throw field.tags().malformed("h");
            }
        }
        return signature;
    }

    // step 6: each seal covers the sets before it and its own
    private void verifySeal(List<ArcSet> sets) throws UnverifiedException {
        ArcSet last = sets.getLast();
        if (last.seal().tags().has("h")) {
            // RFC 8617 section 4.1.3
            throw new UnverifiedException(Result.FAIL, "a seal has h=");
        }
        List<Header> before = new ArrayList<>();
        sets.subList(0, sets.size() - 1).forEach(set -> before.addAll(set.fields()));
        before.add(last.results());
        before.add(last.signature().header());
        Seal.parse(last.seal().header(), last.seal().tags()).verify(keys, before);
    }
}
