package org.staffetta.identity;

import java.util.List;
import java.util.Set;

/** What is written from right to left must look the same for everybody (RFC 5893 section 2). */
final class BidiRule {

    private static final byte L = Character.DIRECTIONALITY_LEFT_TO_RIGHT;
    private static final byte R = Character.DIRECTIONALITY_RIGHT_TO_LEFT;
    private static final byte AL = Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    private static final byte AN = Character.DIRECTIONALITY_ARABIC_NUMBER;
    private static final byte EN = Character.DIRECTIONALITY_EUROPEAN_NUMBER;
    private static final byte NSM = Character.DIRECTIONALITY_NONSPACING_MARK;
    private static final Set<Byte> NEUTRAL = Set.of(Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR,
            Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR, Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR,
            Character.DIRECTIONALITY_OTHER_NEUTRALS, Character.DIRECTIONALITY_BOUNDARY_NEUTRAL, EN, NSM);

    private BidiRule() {}

    /** Whether all six conditions hold; what has nothing from right to left need not keep them (RFC 8265 section 3.3.2). */
    static boolean holds(String text) {
        List<Byte> all = text.codePoints().mapToObj(Character::getDirectionality).toList();
        if (all.stream().noneMatch(Set.of(R, AL, AN)::contains)) {
            return true;
        }
        byte end = all.reversed().stream().filter(one -> one != NSM).findFirst().orElse(NSM);
        return switch (all.getFirst()) {
            case R, AL -> all.stream().allMatch(one -> one == R || one == AL || one == AN || NEUTRAL.contains(one))
                    && (end == R || end == AL || end == EN || end == AN) && !(all.contains(EN) && all.contains(AN));
            case L -> all.stream().allMatch(one -> one == L || NEUTRAL.contains(one)) && (end == L || end == EN);
            default -> false;
        };
    }
}
