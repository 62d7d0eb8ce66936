package org.iorewind.replay.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.memory.MemoryPage;
import org.iorewind.model.memory.MemorySnapshot;
import org.iorewind.model.memory.SparseMemory;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints as bytes: a list of 64-bit numbers, little-endian.
 *
 * <pre>
 *   checkpoint := FORMAT base counts size state[size] failures page* END
 *   base       := sequence number of the checkpoint whose pages these are changes of, or -1: all pages follow
 *   counts     := next faults divergences greatestTimeNs (templateId count)* END
 *   state      := what {@link org.iorewind.replay.Playback#saveTo} gives
 *   failures   := what {@link MemorySnapshot#saveFailuresTo} gives
 *   page       := number ABSENT | number KNOWN word[512] | number PARTLY known[64] word[512]
 * </pre>
 */
final class CheckpointCodec {
    /** Stands at the start of every checkpoint: what follows is written as above. */
    static final long FORMAT = 0x31_5450_4B49L;
    /** Base of a checkpoint that has all pages. */
    static final long NO_BASE = -1;

    private static final int ABSENT = 0;
    private static final int KNOWN = 1;
    private static final int PARTLY = 2;
    private static final int PAGE_STATES = 3;

    private CheckpointCodec() {}

    /**
     * Writes a checkpoint.
     *
     * @param base whose pages the reader will have, or null to write all pages
     */
    static byte[] encode(Checkpoint checkpoint, @Nullable Checkpoint base) {
        StateImage out = new StateImage();
        out.addLong(FORMAT);
        out.addLong(base == null ? NO_BASE : base.next());
        checkpoint.counts().saveTo(out);
        long[] state = checkpoint.state().toArray();
        out.addLong(state.length);
        for (long value : state) {
            out.addLong(value);
        }
        checkpoint.memory().saveFailuresTo(out);
        PageWriter pages = new PageWriter(out);
        if (base == null) {
            checkpoint.memory().forEachPage(pages);
        } else {
            checkpoint.memory().forEachDifference(base.memory(), pages);
        }
        out.addLong(StateSink.END);
        long[] numbers = out.toArray();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(numbers.length, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(numbers);
        return bytes.array();
    }

    /** Sequence number of the base that the bytes name, or {@link #NO_BASE}. */
    static long baseOf(byte[] bytes) {
        StateImage.Reader reader = reader(numbers(bytes));
        return reader.next();
    }

    /** The counts in the bytes. */
    static Counts countsOf(byte[] bytes) {
        StateImage.Reader reader = reader(numbers(bytes));
        reader.next();
        return Counts.from(reader);
    }

    /**
     * Reads a checkpoint.
     *
     * @param bytes as {@link #encode} gave them, perhaps long ago and elsewhere
     * @param bases gives the checkpoint that the bytes name as their base
     * @throws org.iorewind.model.StateImageException if they are not a checkpoint
     * @throws IllegalArgumentException if there is no such base
     */
    static Checkpoint decode(byte[] bytes, LongFunction<@Nullable Checkpoint> bases) {
        long[] numbers = numbers(bytes);
        StateImage.Reader reader = reader(numbers);
        long base = reader.next();
        Counts counts = Counts.from(reader);
        long[] state = new long[reader.nextBelow(numbers.length)];
        Arrays.setAll(state, i -> reader.next());
        SparseMemory memory = SparseMemory.recordedOnly();
        if (base != NO_BASE) {
            Checkpoint known = base < counts.next() ? bases.apply(base) : null;
            if (known == null) {
                throw new IllegalArgumentException("expected a checkpoint before event " + base + ", found none");
            }
            memory.restore(known.memory());
        }
        StateImage failures = failures(reader);
        readPages(reader, memory);
        reader.expectEnd();
        // Behind the pages: one that found no place would be counted as a write that was refused.
        memory.restoreFailuresFrom(failures.reader());
        return new Checkpoint(counts, StateImage.of(state), memory.snapshot());
    }

    /** Copies the numbers of the failures: what they mean is the memory's business. */
    private static StateImage failures(StateImage.Reader reader) {
        SparseMemory scratch = SparseMemory.recordedOnly();
        scratch.restoreFailuresFrom(reader);
        StateImage copy = new StateImage();
        scratch.snapshot().saveFailuresTo(copy);
        return copy;
    }

    private static void readPages(StateImage.Reader reader, SparseMemory memory) {
        long[] words = new long[MemoryPage.QUADWORDS];
        byte[] known = new byte[MemoryPage.QUADWORDS];
        for (long number = reader.next(); number != StateSink.END; number = reader.next()) {
            int pageState = reader.nextBelow(PAGE_STATES);
            if (pageState == ABSENT) {
                memory.removePage(number);
                continue;
            }
            Arrays.fill(known, (byte) MemoryPage.ALL_BYTES);
            if (pageState == PARTLY) {
                for (int i = 0; i < known.length; i += Long.BYTES) {
                    long eight = reader.next();
                    for (int j = 0; j < Long.BYTES; j++) {
                        known[i + j] = (byte) (eight >>> 8 * j);
                    }
                }
            }
            Arrays.setAll(words, i -> reader.next());
            memory.importPage(number, words, known);
        }
    }

    private static StateImage.Reader reader(long[] numbers) {
        StateImage.Reader reader = StateImage.of(numbers).reader();
        if (numbers.length == 0 || reader.next() != FORMAT) {
            throw new IllegalArgumentException("expected the bytes of a checkpoint of this version, found others");
        }
        return reader;
    }

    private static long[] numbers(byte[] bytes) {
        long[] numbers = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(numbers);
        return numbers;
    }

    /** Writes the pages that a snapshot shows. */
    private static final class PageWriter implements MemorySnapshot.PageVisitor {
        private final StateSink out;

        PageWriter(StateSink out) {
            this.out = out;
        }

        @Override
        public void page(MemoryPage page) {
            boolean isKnown = true;
            for (int i = 0; i < MemoryPage.QUADWORDS && isKnown; i++) {
                isKnown = page.knownBytes(i) == MemoryPage.ALL_BYTES;
            }
            out.addLong(page.number());
            out.addLong(isKnown ? KNOWN : PARTLY);
            if (!isKnown) {
                for (int i = 0; i < MemoryPage.QUADWORDS; i += Long.BYTES) {
                    long eight = 0;
                    for (int j = 0; j < Long.BYTES; j++) {
                        eight |= (long) page.knownBytes(i + j) << 8 * j;
                    }
                    out.addLong(eight);
                }
            }
            for (int i = 0; i < MemoryPage.QUADWORDS; i++) {
                out.addLong(page.word(i));
            }
        }

        @Override
        public void absent(long number) {
            out.addLong(number);
            out.addLong(ABSENT);
        }
    }
}
