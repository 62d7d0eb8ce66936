package org.iorewind.samples.workload;

import java.util.Locale;

/** Names and texts in descriptions come from strangers: names are short and plain, texts can be shown and written again. */
final class Names {
    private static final int LONGEST = 64;
    private static final int LONGEST_STORY = 1000;

    private Names() {}

    /** The name and the story of a whole description. */
    static void checkTitle(String name, String story) {
        if (!name.matches("[a-z0-9-]{3,40}")) {
            throw new WorkloadException("name: expected 3 to 40 lower case letters, digits and hyphens, found "
                    + name.length() + " characters");
        }
        checkText("story", story, LONGEST_STORY);
    }

    static void check(String what, String name) {
        boolean isPlain = name.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        if (name.isEmpty() || name.length() > LONGEST || !isPlain) {
            throw new WorkloadException("expected the name of a " + what + " of 1 to " + LONGEST
                    + " printable ASCII characters, found " + name.length() + " characters");
        }
    }

    private static void checkText(String what, String text, int longest) {
        if (text.length() > longest) {
            throw new WorkloadException(what + ": expected up to " + longest + " characters, found " + text.length());
        }
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.SURROGATE) {
                throw new WorkloadException(
                        String.format(Locale.ROOT, "%s: expected characters that can be shown, found U+%04X", what, c));
            }
        });
    }
}
