package org.iorewind.record;

import java.util.List;
import java.util.SortedMap;

/**
 * What an import did.
 *
 * @param lines lines read
 * @param events events written
 * @param skipped lines that are none of ours, per reason or event name; beyond 1,000 names under {@code others}
 * @param folded lines of ours that carry nothing of their own (they repeat or qualify another line), per event name
 * @param unparsed lines that look like ours and could not be understood, and annotations of lines that could
 * @param unparsedExamples the first of them, as {@code FILE:LINE: text}
 * @param profile profile chosen for the replay
 * @param contract completeness contract of the source
 */
public record ImportResult(
        long lines,
        long events,
        SortedMap<String, Long> skipped,
        SortedMap<String, Long> folded,
        long unparsed,
        List<String> unparsedExamples,
        String profile,
        String contract) {}
