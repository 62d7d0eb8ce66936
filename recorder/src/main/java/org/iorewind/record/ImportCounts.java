package org.iorewind.record;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Accounts for every line or record of an import, in bounded memory. Not thread-safe. */
public final class ImportCounts {
    private static final int MOST_EXAMPLES = 10;
    private static final int LONGEST_EXAMPLE = 200;
    /** A text of chance words must not fill the memory with them. */
    private static final int MOST_LABELS = 1000;

    private static final String OTHER_LABELS = "others";

    private final TreeMap<String, Long> skipped = new TreeMap<>();
    private final TreeMap<String, Long> folded = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private long unparsed;

    /** No count yet. */
    public ImportCounts() {
        // nothing is counted yet
    }

    /** One that is none of ours. */
    public void skip(String label) {
        add(skipped, label);
    }

    /** One of ours that carries nothing of its own. */
    public void fold(String label) {
        add(folded, label);
    }

    /** One that looks like ours and was not understood. */
    public void unparsed(String place, String text) {
        unparsed++;
        if (examples.size() < MOST_EXAMPLES) {
            String shown = text.length() > LONGEST_EXAMPLE ? text.substring(0, LONGEST_EXAMPLE) + "…" : text;
            examples.add(place + ": " + shown);
        }
    }

    private static void add(SortedMap<String, Long> counts, String label) {
        boolean listed = counts.size() < MOST_LABELS || counts.containsKey(label);
        counts.merge(listed ? label : OTHER_LABELS, 1L, Long::sum);
    }

    /** The result of the import. */
    public ImportResult result(long lines, long events, String profile, String contract) {
        return new ImportResult(lines, events, skipped, folded, unparsed, List.copyOf(examples), profile, contract);
    }
}
