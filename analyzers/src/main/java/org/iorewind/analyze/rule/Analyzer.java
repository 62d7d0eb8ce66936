package org.iorewind.analyze.rule;

import java.util.List;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;

/**
 * Looks at a replay and reports findings. It hears every event before and after it is handled, and in between every effect of
 * the model; it may read the machine and must not change it.
 *
 * <p>Found by {@link java.util.ServiceLoader}: a class with a public constructor without parameters, named in
 * {@code META-INF/services/org.iorewind.analyze.rule.Analyzer}. Each object serves one replay, on one thread. What it keeps
 * must be bounded whatever the trace holds, and the same trace has to give the same findings. An exception ends the analysis.
 * {@code docs/write-your-own-rule.md} has an example.
 */
public interface Analyzer extends ReplayListener {
    /** All rules it may report; ids are unique among all analyzers. */
    List<Rule> rules();

    /**
     * Comes before everything else.
     *
     * @param findings takes what is found, until the end
     */
    void begin(Findings findings);

    /**
     * The replay is over.
     *
     * @param machine in its last state
     */
    default void end(Machine machine) {}
}
