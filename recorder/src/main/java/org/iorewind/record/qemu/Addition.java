package org.iorewind.record.qemu;

import java.util.List;

/**
 * Something that the recorder puts into QEMU's command line.
 *
 * @param words as they are added
 * @param why in one sentence, without full stop
 */
public record Addition(List<String> words, String why) {
    /** Copies the list. */
    public Addition {
        words = List.copyOf(words);
    }
}
