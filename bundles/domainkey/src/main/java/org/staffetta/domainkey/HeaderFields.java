package org.staffetta.domainkey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.staffetta.api.mail.Header;

/** The header fields of a message, as signatures choose among them: those of the same name from the bottom up (RFC 6376 section 5.4.2). */
public final class HeaderFields {

    private final List<Header> fields;
    private final Map<String, List<Integer>> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** Of all the fields from top to bottom. */
    public HeaderFields(List<Header> fields) {
        this.fields = List.copyOf(fields);
        for (int i = fields.size() - 1; i >= 0; i--) {
            places.computeIfAbsent(fields.get(i).name(), name -> new ArrayList<>(2)).add(i);
        }
    }

    /** How many there are of a name. */
    public int count(String name) {
        return places.getOrDefault(name, List.of()).size();
    }

    /**
     * The fields that a list of names means. A name without a field (any more) means none: so it is signed that there is no more.
     *
     * @param except the one that is verified, which never means itself (RFC 6376 section 3.5, {@code h=}); an equal one does as well
     */
    public List<Header> select(List<String> names, Header except) {
        Map<String, Integer> next = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int skipped = fields.indexOf(except);
        List<Header> selected = new ArrayList<>();
        for (String name : names) {
            List<Integer> candidates = places.getOrDefault(name, List.of());
            int i = next.getOrDefault(name, 0);
            if (i < candidates.size() && candidates.get(i) == skipped) {
                i++;
            }
            if (i < candidates.size()) {
                selected.add(fields.get(candidates.get(i)));
            }
            next.put(name, i + 1);
        }
        return selected;
    }
}
