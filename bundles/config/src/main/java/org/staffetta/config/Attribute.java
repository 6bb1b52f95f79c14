package org.staffetta.config;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;
import org.staffetta.api.config.Durations;

/**
 * What Metatype says of one setting.
 *
 * @param id the attribute's id: the last part of the key
 * @param name for people
 * @param description for people, with the unit
 * @param type one of the constants of {@link AttributeDefinition}
 * @param cardinality 0 for one value, otherwise the bound of the list, negative or positive
 * @param options the values that are allowed; empty if all are
 * @param defaults the values that count where none is given; empty if there are none
 * @param min the smallest value, or the shortest length of a text; null if there is none
 * @param max the greatest value, or the longest length of a text; null if there is none
 */
record Attribute(String id, String name, String description, int type, int cardinality, List<String> options,
        List<String> defaults, @Nullable BigDecimal min, @Nullable BigDecimal max) {

    private static final Pattern SHARE = Pattern.compile("(100(\\.0{1,2})?|[0-9]{1,2}(\\.[0-9]{1,2})?)%");

    /** Whether the value is a secret that nobody is shown. */
    boolean isSecret() {
        return type == AttributeDefinition.PASSWORD;
    }

    /**
     * The value as Configuration Admin takes it.
     *
     * @throws IllegalArgumentException if the text is not allowed; the message says what is
     */
    Object read(String text) {
        if (cardinality == 0) {
            return one(text);
        }
        List<String> items = ItemList.split(text);
        int most = Math.abs(cardinality == Integer.MIN_VALUE ? Integer.MAX_VALUE : cardinality);
        if (items.size() > most) {
            throw new IllegalArgumentException("must have at most " + most + " items");
        }
        Object array = Array.newInstance(javaType(), items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, one(items.get(i)));
        }
        return array;
    }

    /** The text for a value of Configuration Admin, whatever its type: what {@link #read} takes. */
    String write(Object value) {
        if (value instanceof Collection<?> items) {
            return ItemList.join(items.stream().map(String::valueOf).toList());
        }
        if (!value.getClass().isArray()) {
            return cardinality == 0 ? value.toString() : ItemList.join(List.of(value.toString()));
        }
        List<String> items = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            items.add(String.valueOf(Array.get(value, i)));
        }
        return ItemList.join(items);
    }

    /** The default as it would stand in the file. */
    String defaultText() {
        return cardinality == 0 ? String.join(",", defaults) : ItemList.join(defaults);
    }

    /** What is allowed, for people: {@code must be 0 to 65535}. */
    String allowed() {
        if (!options.isEmpty()) {
            return "must be one of " + String.join(", ", options);
        }
        if (isTime()) {
            return "must be a time such as 500ms, 30s, 5m, 2h or 5d";
        }
        if (isShare()) {
            return "must be a share such as 5% or 0.5%, at most 100%";
        }
        return switch (type) {
            case AttributeDefinition.BOOLEAN -> "must be true or false";
            case AttributeDefinition.CHARACTER -> "must be one character";
            case AttributeDefinition.STRING, AttributeDefinition.PASSWORD ->
                min == null && max == null ? "may be any text" : "must have " + range("characters");
            case AttributeDefinition.DOUBLE, AttributeDefinition.FLOAT ->
                min == null && max == null ? "must be a number" : "must be " + range("");
            default -> "must be " + range("");
        };
    }

    /** The name of the type, for people. */
    String typeName() {
        String one = switch (type) {
            case AttributeDefinition.BOOLEAN -> "true or false";
            case AttributeDefinition.CHARACTER -> "character";
            case AttributeDefinition.STRING -> isTime() ? "time" : isShare() ? "share" : "text";
            case AttributeDefinition.PASSWORD -> "secret";
            case AttributeDefinition.DOUBLE, AttributeDefinition.FLOAT -> "number";
            default -> "whole number";
        };
        return cardinality == 0 ? one : "list of " + one;
    }

    private Object one(String text) {
        Object value;
        try {
            value = convert(text.strip(), text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(allowed(), e);
        }
        boolean listed = options.isEmpty() || options.contains(value.toString());
        if (!listed || isTime() && !Durations.isDuration(value.toString())
                || isShare() && !isShare(value.toString())) {
            throw new IllegalArgumentException(allowed());
        }
        return value;
    }

    // Metatype has no type for a time: a text whose default is one is meant to be one
    private boolean isTime() {
        return hasDefaultLike(Durations::isDuration);
    }

    // nor one for a percentage
    private boolean isShare() {
        return hasDefaultLike(Attribute::isShare);
    }

    private static boolean isShare(String text) {
        return SHARE.matcher(text).matches();
    }

    private boolean hasDefaultLike(Predicate<String> form) {
        return type == AttributeDefinition.STRING && cardinality == 0 && defaults.size() == 1
                && form.test(defaults.getFirst());
    }

    private Object convert(String text, String whole) {
        return switch (type) {
            case AttributeDefinition.BOOLEAN -> bool(text);
            case AttributeDefinition.INTEGER -> integer(text).intValueExact();
            case AttributeDefinition.LONG -> integer(text).longValueExact();
            case AttributeDefinition.SHORT -> integer(text).shortValueExact();
            case AttributeDefinition.BYTE -> integer(text).byteValueExact();
            case AttributeDefinition.DOUBLE -> bounded(new BigDecimal(text)).doubleValue();
            case AttributeDefinition.FLOAT -> bounded(new BigDecimal(text)).floatValue();
            case AttributeDefinition.CHARACTER -> character(text);
            default -> {
                bounded(BigDecimal.valueOf(whole.codePointCount(0, whole.length())));
                yield whole;
            }
        };
    }

    private Boolean bool(String text) {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException(allowed());
        };
    }

    private Character character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException(allowed());
        }
        return text.charAt(0);
    }

    private BigInteger integer(String text) {
        return bounded(new BigDecimal(new BigInteger(text))).toBigIntegerExact();
    }

    private BigDecimal bounded(BigDecimal value) {
        if (compare(value, lowest()) < 0 || compare(highest(), value) < 0) {
            throw new IllegalArgumentException(allowed());
        }
        return value;
    }

    private static int compare(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? 0 : one.compareTo(other);
    }

    private @Nullable BigDecimal lowest() {
        return min != null ? min : switch (type) {
            case AttributeDefinition.INTEGER -> BigDecimal.valueOf(Integer.MIN_VALUE);
            case AttributeDefinition.LONG -> BigDecimal.valueOf(Long.MIN_VALUE);
            case AttributeDefinition.SHORT -> BigDecimal.valueOf(Short.MIN_VALUE);
            case AttributeDefinition.BYTE -> BigDecimal.valueOf(Byte.MIN_VALUE);
            default -> null;
        };
    }

    private @Nullable BigDecimal highest() {
        return max != null ? max : switch (type) {
            case AttributeDefinition.INTEGER -> BigDecimal.valueOf(Integer.MAX_VALUE);
            case AttributeDefinition.LONG -> BigDecimal.valueOf(Long.MAX_VALUE);
            case AttributeDefinition.SHORT -> BigDecimal.valueOf(Short.MAX_VALUE);
            case AttributeDefinition.BYTE -> BigDecimal.valueOf(Byte.MAX_VALUE);
            default -> null;
        };
    }

    private String range(String unit) {
        BigDecimal low = lowest();
        BigDecimal high = highest();
        String numbers = low != null && high != null
                ? low.toPlainString() + " to " + high.toPlainString()
                : low != null
                        ? "at least " + low.toPlainString()
                        : high != null ? "at most " + high.toPlainString() : "any";
        return unit.isEmpty() ? numbers : numbers + " " + unit;
    }

    private Class<?> javaType() {
        return switch (type) {
            case AttributeDefinition.BOOLEAN -> Boolean.class;
            case AttributeDefinition.INTEGER -> Integer.class;
            case AttributeDefinition.LONG -> Long.class;
            case AttributeDefinition.SHORT -> Short.class;
            case AttributeDefinition.BYTE -> Byte.class;
            case AttributeDefinition.DOUBLE -> Double.class;
            case AttributeDefinition.FLOAT -> Float.class;
            case AttributeDefinition.CHARACTER -> Character.class;
            default -> String.class;
        };
    }

    /** Lists as they stand in the file: items between commas; {@code \,} is a comma within an item, {@code \\} a backslash. */
    static final class ItemList {

        private ItemList() {}

        static List<String> split(String text) {
            List<String> items = new ArrayList<>();
            StringBuilder item = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                boolean escaped = c == '\\' && i + 1 < text.length() && "\\,".indexOf(text.charAt(i + 1)) >= 0;
                if (c == ',') {
                    items.add(item.toString().strip());
                    item.setLength(0);
                } else {
                    item.append(escaped ? text.charAt(++i) : c);
                }
            }
            items.add(item.toString().strip());
            return items.stream().filter(s -> !s.isEmpty()).toList();
        }

        static String join(List<String> items) {
            return items.stream().map(s -> s.replace("\\", "\\\\").replace(",", "\\,"))
                    .collect(Collectors.joining(", "));
        }
    }
}
