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

    /** A request was refused. */
    default void fault(Fault fault, Machine machine) {}
}
