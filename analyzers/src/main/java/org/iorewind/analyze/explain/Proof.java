package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.List;

/**
 * What would prove or refute a cause.
 *
 * @param words what to do, in a sentence without a full stop
 * @param commands to type, in order; each a line that can be copied
 */
public record Proof(String words, List<String> commands) {
    static Proof of(String words, String... commands) {
        return new Proof(words, List.of(commands));
    }

    /** This, or something else. */
    Proof or(Proof other) {
        List<String> both = new ArrayList<>(commands);
        both.addAll(other.commands);
        return new Proof(words + "; or " + other.words, List.copyOf(both));
    }
}
