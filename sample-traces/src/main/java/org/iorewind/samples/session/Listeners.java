package org.iorewind.samples.session;

import java.util.function.IntFunction;
import org.agrona.collections.Int2ObjectHashMap;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.FanOut;
import org.jspecify.annotations.Nullable;

/** Who hears what each IOMMU of a session does: the session first, then those that were added. Not thread-safe. */
final class Listeners implements IntFunction<EffectSink> {
    private final EffectSink first;
    private final Int2ObjectHashMap<FanOut> byNumber = new Int2ObjectHashMap<>();

    Listeners(EffectSink first) {
        this.first = first;
    }

    /** Begins with an IOMMU; the listeners of one that had the number before are gone with it. */
    @Override
    public EffectSink apply(int number) {
        FanOut fan = new FanOut(first);
        byNumber.put(number, fan);
        return fan;
    }

    /**
     * Lets one more hear what an IOMMU does, after the others. Not to be called while it does something.
     *
     * @throws IllegalArgumentException if there is no such IOMMU
     */
    void add(int number, EffectSink listener) {
        @Nullable FanOut fan = byNumber.get(number);
        if (fan == null) {
            throw new IllegalArgumentException("no such IOMMU: number=" + number);
        }
        fan.add(listener);
    }
}
