package org.iorewind.replay.predicate;

import java.util.Collection;
import java.util.Locale;

/** Finds the name that somebody most likely meant. */
final class NearName {
    /** A name may be wrong in one letter, and in one more for each so many that it has. */
    private static final int LETTERS_PER_SLIP = 4;
    /** What is longer is no name that somebody mistyped. */
    private static final int LONGEST = 64;

    private NearName() {}

    /**
     * A question to put behind a message.
     *
     * @param found no name
     * @param names that there are
     * @return such as {@code ; did you mean 'domain'?}, or empty if no name is near
     */
    static String question(String found, Collection<String> names) {
        if (found.length() > LONGEST) {
            return "";
        }
        String best = "";
        int least = 1 + found.length() / LETTERS_PER_SLIP;
        for (String name : names) {
            int slips = slips(found, name);
            if (slips < least || slips == least && best.isEmpty()) {
                least = slips;
                best = name;
            }
        }
        return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
    }

    /** Letters to add, drop, change or swap with the next one (optimal string alignment); case counts for nothing. */
    private static int slips(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[][] slips = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(slips[i - 1][j - 1] + changed, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
                boolean isSwap =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                slips[i][j] = isSwap ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
            }
        }
        return slips[a.length()][b.length()];
    }
}
