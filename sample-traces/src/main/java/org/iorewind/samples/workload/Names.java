package org.iorewind.samples.workload;

/** Names in descriptions come from strangers: they are short and plain. */
final class Names {
    private static final int LONGEST = 64;

    private Names() {}

    static void check(String what, String name) {
        boolean isPlain = name.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        if (name.isEmpty() || name.length() > LONGEST || !isPlain) {
            throw new WorkloadException("expected the name of a " + what + " of 1 to " + LONGEST
                    + " printable ASCII characters, found " + name.length() + " characters");
        }
    }
}
