package org.staffetta.directory.ldap;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A filter with words in braces, which are replaced within its values. Its shape is what it was when it was read. */
final class Template {

    private static final Pattern WORD = Pattern.compile("\\{([a-z]*)}");

    private final Filter filter;
    private final Set<String> words = new HashSet<>();

    private Template(Filter filter) {
        this.filter = filter;
        replaced(filter, text -> {
            WORD.matcher(text).results().forEach(word -> words.add(word.group(1)));
            return text;
        });
    }

    /**
     * Reads a template.
     *
     * @param setting what the operator calls it
     * @param allowed the words that there are
     * @throws IllegalArgumentException with one line for the operator
     */
    static Template parse(String setting, String text, Set<String> allowed) {
        Template template = read(setting, text);
        if (!allowed.containsAll(template.words)) {
            throw new IllegalArgumentException(setting + ": '" + text + "' may have {"
                    + String.join("}, {", allowed.stream().sorted().toList()) + "} and no other word in braces");
        }
        return template;
    }

    private static Template read(String setting, String text) {
        try {
            return new Template(Filter.create(text));
        } catch (LDAPException | IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + ": '" + text + "' is no filter: " + e.getMessage(), e);
        }
    }

    /** The words that it needs. */
    Set<String> words() {
        return Set.copyOf(words);
    }

    /** The filter for these words; there must be all that it needs. */
    Filter fill(Map<String, String> values) {
        return replaced(filter, text -> WORD.matcher(text)
                .replaceAll(word -> Matcher.quoteReplacement(values.getOrDefault(word.group(1), ""))));
    }

    private static Filter replaced(Filter one, UnaryOperator<String> change) {
        String name = one.getAttributeName();
        if (name != null && name.contains("{")) {
            throw new IllegalArgumentException("the name of an attribute cannot be replaced");
        }
        return switch (one.getFilterType()) {
            case Filter.FILTER_TYPE_AND -> Filter.and(all(one, change));
            case Filter.FILTER_TYPE_OR -> Filter.or(all(one, change));
            case Filter.FILTER_TYPE_NOT -> Filter.not(replaced(one.getNOTComponent(), change));
            case Filter.FILTER_TYPE_PRESENCE -> one;
            case Filter.FILTER_TYPE_SUBSTRING -> substring(one, change);
            default -> assertion(one, change);
        };
    }

    private static Filter assertion(Filter one, UnaryOperator<String> change) {
        String before = one.getAssertionValue();
        String value = change.apply(before);
        String name = one.getAttributeName();
        if (value.equals(before)) {
            // perhaps octets that are no text
            return one;
        }
        return switch (one.getFilterType()) {
            case Filter.FILTER_TYPE_GREATER_OR_EQUAL -> Filter.greaterOrEqual(name, value);
            case Filter.FILTER_TYPE_LESS_OR_EQUAL -> Filter.lessOrEqual(name, value);
            case Filter.FILTER_TYPE_APPROXIMATE_MATCH -> Filter.approximateMatch(name, value);
            case Filter.FILTER_TYPE_EXTENSIBLE_MATCH ->
                Filter.extensibleMatch(name, one.getMatchingRuleID(), one.getDNAttributes(), value);
            default -> Filter.equals(name, value);
        };
    }

    private static Filter[] all(Filter one, UnaryOperator<String> change) {
        return Arrays.stream(one.getComponents()).map(part -> replaced(part, change)).toArray(Filter[]::new);
    }

    private static Filter substring(Filter one, UnaryOperator<String> change) {
        return Filter.substring(one.getAttributeName(), changed(one.getSubInitialString(), change),
                Arrays.stream(one.getSubAnyStrings()).map(change).toArray(String[]::new),
                changed(one.getSubFinalString(), change));
    }

    private static @Nullable String changed(@Nullable String text, UnaryOperator<String> change) {
        return text == null ? null : change.apply(text);
    }

    @Override
    public String toString() {
        return filter.toString();
    }
}
