package org.iorewind.replay;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.jspecify.annotations.Nullable;

/**
 * Predictions of one kind, first in, first out. Grows to the most that one input can cause, and then allocates nothing:
 * the queues are emptied before the next input, a doorbell runs a ring of at most 32,768 commands once, and a DMA request
 * is decided for at most 256 pages.
 */
final class PredictionQueue implements Stateful {
    private static final int MOST = 1 << 20;

    /** Its length is a power of two. */
    private Prediction[] slots = {new Prediction()};

    private final Waiting waiting;
    private int head;
    private int size;

    /** How many predictions wait in several queues, so that one look tells that there are none. */
    static final class Waiting {
        int count;
    }

    /** An empty queue. */
    PredictionQueue(Waiting waiting) {
        this.waiting = waiting;
    }

    /**
     * A slot at the tail, to be filled in.
     *
     * @param inputSequence of the input that caused it
     * @param iommu number of the IOMMU that it went to
     * @param guest GuestID, or -1 for what the IOMMU did for the host
     */
    Prediction add(long inputSequence, int iommu, int guest) {
        if (size == slots.length) {
            grow();
        }
        Prediction slot = slots[place(size)];
        size++;
        waiting.count++;
        slot.inputSequence = inputSequence;
        slot.iommu = iommu;
        slot.guest = guest;
        return slot;
    }

    /** The oldest, taken out; valid until the next {@link #add}. Null if there is none. */
    @Nullable
    Prediction poll() {
        if (size == 0) {
            return null;
        }
        Prediction slot = slots[head];
        head = place(1);
        size--;
        waiting.count--;
        return slot;
    }

    private int place(int behind) {
        return head + behind & slots.length - 1;
    }

    /** The oldest goes to the front, new slots behind the newest. */
    private void grow() {
        Prediction[] longer = new Prediction[2 * slots.length];
        for (int i = 0; i < longer.length; i++) {
            longer[i] = i < size ? slots[place(i)] : new Prediction();
        }
        slots = longer;
        head = 0;
    }

    /** How many of those that wait pass a test. */
    int count(Predicate<Prediction> test) {
        int found = 0;
        for (int i = 0; i < size; i++) {
            found += test.test(slots[place(i)]) ? 1 : 0;
        }
        return found;
    }

    /** Shows those that wait, oldest first. */
    void forEach(Consumer<Prediction> visitor) {
        for (int i = 0; i < size; i++) {
            visitor.accept(slots[place(i)]);
        }
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(size);
        for (int i = 0; i < size; i++) {
            slots[place(i)].saveTo(sink);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        clear();
        for (int left = source.nextBelow(MOST); left > 0; left--) {
            add(0, 0, 0).restoreFrom(source);
        }
    }

    /** Forgets all. */
    void clear() {
        while (size > 0) {
            poll();
        }
    }
}
