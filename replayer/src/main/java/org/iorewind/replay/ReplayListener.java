package org.iorewind.replay;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.trace.EventView;

/**
 * Follows a replay: hears every event before and after it is handled, and in between every effect of the model. May read
 * the machine, must not change it. Called on the replay's thread; event views are valid during the call only.
 */
public interface ReplayListener extends EffectSink {
    /** The replay begins. */
    default void start(Machine machine) {}

    /** An event is about to be handled. */
    default void before(EventView event, Machine machine) {}

    /** An event was handled: applied, compared or passed over. */
    default void after(EventView event, Machine machine) {}

    /**
     * Recording and model were compared.
     *
     * @param sequence of the observation; of a prediction that was not observed, of its input, which may lie further back
     * @param outcome of the comparison
     * @param deviation id of the known deviation, or empty
     */
    default void compared(long sequence, Comparison outcome, String deviation) {}

    /** A request was refused. */
    default void fault(Fault fault, Machine machine) {}
}
