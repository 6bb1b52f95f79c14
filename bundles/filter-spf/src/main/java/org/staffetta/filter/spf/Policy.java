package org.staffetta.filter.spf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A record as a domain published it (RFC 7208 section 4.6). */
record Policy(List<Directive> directives, Optional<MacroString> redirect, Optional<MacroString> explanation) {

    private static final String VERSION = "v=spf1";

    /** Copies. */
    Policy {
        directives = List.copyOf(directives);
    }

    /** Whether a TXT record is one of SPF's (section 4.5). */
    static boolean isPolicy(String txt) {
        return txt.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (txt.length() == VERSION.length() || txt.charAt(VERSION.length()) == ' ');
    }

    /**
     * Reads the whole of a record.
     *
     * @throws SyntaxException if any of it is wrong, used or not
     */
    static Policy parse(String txt) throws SyntaxException {
        List<Directive> directives = new ArrayList<>();
        Map<String, MacroString> modifiers = new HashMap<>();
        for (String term : txt.substring(VERSION.length()).split(" ", -1)) {
            int equals = term.indexOf('=');
            if (equals > 0 && isName(term.substring(0, equals))) {
                modifier(term.substring(0, equals).toLowerCase(Locale.ROOT), term.substring(equals + 1), modifiers);
            } else if (!term.isEmpty()) {
                directives.add(directive(term));
            }
        }
        return new Policy(directives, Optional.ofNullable(modifiers.get("redirect")),
                Optional.ofNullable(modifiers.get("exp")));
    }

    private static boolean isName(String text) {
        return MacroString.isLetter(text.charAt(0))
                && text.chars()
                        .allMatch(c -> MacroString.isLetter(c) || MacroString.isDigit(c) || "-_.".indexOf(c) >= 0);
    }

    // of others only the syntax counts (section 6)
    private static void modifier(String name, String value, Map<String, MacroString> modifiers) throws SyntaxException {
        boolean known = name.equals("redirect") || name.equals("exp");
        MacroString read = known ? MacroString.domainSpec(value) : MacroString.of(value);
        if (known && modifiers.put(name, read) != null) {
            throw new SyntaxException(name + "= stands there twice");
        }
    }

    private static Directive directive(String term) throws SyntaxException {
        Optional<Result> qualifier = qualifier(term.charAt(0));
        String rest = qualifier.isPresent() ? term.substring(1) : term;
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != ':' && rest.charAt(end) != '/') {
            end++;
        }
        String name = rest.substring(0, end).toLowerCase(Locale.ROOT);
        return new Directive(qualifier.orElse(Result.PASS), mechanism(name, rest.substring(end)), term);
    }

    private static Optional<Result> qualifier(char c) {
        return switch (c) {
            case '+' -> Optional.of(Result.PASS);
            case '-' -> Optional.of(Result.FAIL);
            case '~' -> Optional.of(Result.SOFTFAIL);
            case '?' -> Optional.of(Result.NEUTRAL);
            default -> Optional.empty();
        };
    }

    private static Mechanism mechanism(String name, String argument) throws SyntaxException {
        return switch (name) {
            case "all" -> {
                if (!argument.isEmpty()) {
                    throw new SyntaxException("all has no argument: all" + argument);
                }
                yield new Mechanism.All();
            }
            case "include" -> new Mechanism.Include(required(name, argument));
            case "exists" -> new Mechanism.Exists(required(name, argument));
            case "ptr" -> new Mechanism.Ptr(optional(argument));
            case "a" -> {
                HostArgument host = HostArgument.parse(argument);
                yield new Mechanism.A(optional(host.domain()), host.prefixes());
            }
            case "mx" -> {
                HostArgument host = HostArgument.parse(argument);
                yield new Mechanism.Mx(optional(host.domain()), host.prefixes());
            }
            case "ip4", "ip6" -> new Mechanism.In(HostArgument.network(name, argument));
            default -> throw new SyntaxException("there is no mechanism " + name);
        };
    }

    private static MacroString required(String name, String argument) throws SyntaxException {
        return optional(argument).orElseThrow(() -> new SyntaxException(name + " needs a domain"));
    }

    private static Optional<MacroString> optional(String argument) throws SyntaxException {
        if (argument.isEmpty()) {
            return Optional.empty();
        }
        if (argument.charAt(0) != ':') {
            throw new SyntaxException("a colon is missing before " + argument);
        }
        return Optional.of(MacroString.domainSpec(argument.substring(1)));
    }
}
