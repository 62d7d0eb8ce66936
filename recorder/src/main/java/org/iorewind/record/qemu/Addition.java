package org.iorewind.record.qemu;

import java.util.List;
import java.util.SortedMap;

/**
 * Something that the recorder puts into QEMU's command line or environment.
 *
 * @param words as they are added
 * @param why in one sentence, without full stop
 * @param environment whether the words are variables, {@code NAME=VALUE}, and stand before the command
 */
public record Addition(List<String> words, String why, boolean environment) {
    /** Copies the list. */
    public Addition {
        words = List.copyOf(words);
    }

    /** Words of the command line. */
    static Addition ofWords(String why, String... words) {
        return new Addition(List.of(words), why, false);
    }

    /** Variables. */
    static Addition toEnvironment(SortedMap<String, String> variables, String why) {
        List<String> words = variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
        return new Addition(words, why, true);
    }
}
