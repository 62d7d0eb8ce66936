package org.iorewind.record.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.intake.BackPressure;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The C header against the Java reader, through the example in C. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecordMillionTest {
    private static final int SMALL = 1 << 16;
    private static final RingOptions BLOCKING = new RingOptions(1 << 20, BackPressure.BLOCK, Duration.ZERO);

    @TempDir
    private Path folder;

    /** Takes the numbers that the example puts into its events. */
    private static final class Numbers implements RingHandler {
        final long[] next = new long[64];
        long events;
        long lost;
        long skipped;
        String why = "";
        private final FrameEventView view = new FrameEventView();
        private final EventField data = java.util.Objects.requireNonNull(
                EventTable.standard().type(EventKind.MEMORY_WRITE).field("data"));

        @Override
        public void event(DirectBuffer buffer, int offset, int length) {
            assertThat(view.tryWrap(buffer, offset, offset + length, 0)).isNull();
            assertThat(view.kind()).isEqualTo(EventKind.MEMORY_WRITE);
            long value = buffer.getLong(EventTable.standard().dataOffset(view, data));
            int thread = (int) (value >>> 32);
            long number = value & 0xFFFF_FFFFL;
            assertThat(number).as("in order, none twice").isGreaterThanOrEqualTo(next[thread]);
            skipped += number - next[thread];
            next[thread] = number + 1;
            events++;
        }

        @Override
        public void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length) {
            throw new AssertionError("the example writes no text");
        }

        @Override
        public void lost(long firstNs, long lastNs, long count, String reason) {
            lost += count;
            why = reason;
        }
    }

    private static void readUntil(RingSource source, RingHandler handler, BooleanSupplier end) {
        while (!end.getAsBoolean()) {
            if (source.poll(handler, 1000) == 0) {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    private static boolean isOver(RingFile ring) {
        return ring.writerState() == WriterState.ENDED || ring.writerState() == WriterState.KILLED;
    }

    @Test
    void aMillionEventsArriveAllAndInOrder() throws IOException {
        Numbers numbers = new Numbers();
        try (RingFile ring = RingFile.create(folder.resolve("ring"), BLOCKING)) {
            Process writer = NativeParts.start(NativeParts.example(), ring.path(), 1_000_000);
            RingSource source = new RingSource(ring);
            readUntil(source, numbers, () -> isOver(ring));
            source.finish(numbers);
            assertThat(NativeParts.output(writer)).startsWith("recorded=1000000 lost=0 ");
            assertThat(ring.writerState()).isEqualTo(WriterState.ENDED);
        }
        assertThat(numbers.events).isEqualTo(1_000_000);
        assertThat(numbers.skipped).isZero();
        assertThat(numbers.lost).isZero();
    }

    @Test
    void eventsOfEachThreadKeepTheirOrder() throws IOException {
        Numbers numbers = new Numbers();
        try (RingFile ring = RingFile.create(folder.resolve("ring"), BLOCKING)) {
            Process writer = NativeParts.start(NativeParts.example(), ring.path(), 200_000, 4);
            RingSource source = new RingSource(ring);
            readUntil(source, numbers, () -> isOver(ring));
            source.finish(numbers);
            assertThat(NativeParts.output(writer)).startsWith("recorded=200000 lost=0 ");
        }
        assertThat(Arrays.copyOf(numbers.next, 5)).containsExactly(50_000, 50_000, 50_000, 50_000, 0);
        assertThat(numbers.skipped).isZero();
    }

    @Test
    void aWriterWaitsForASlowReaderAndLosesNothing() throws IOException {
        Numbers numbers = new Numbers();
        RingOptions options = new RingOptions(SMALL, BackPressure.BLOCK, Duration.ZERO);
        try (RingFile ring = RingFile.create(folder.resolve("ring"), options)) {
            Process writer = NativeParts.start(NativeParts.example(), ring.path(), 20_000);
            RingSource source = new RingSource(ring);
            // The reader looks only after the writer has found the ring full.
            while (ring.status().waits() == 0) {
                ring.alive();
                Thread.onSpinWait();
            }
            readUntil(source, numbers, () -> isOver(ring));
            source.finish(numbers);
            assertThat(NativeParts.output(writer)).startsWith("recorded=20000 lost=0 ");
            assertThat(ring.status().waits()).isPositive();
        }
        assertThat(numbers.events).isEqualTo(20_000);
        assertThat(numbers.lost).isZero();
    }

    @Test
    void aWriterThatCountsGoesOnWithoutAReaderAndSaysWhatIsMissing() throws IOException {
        Numbers numbers = new Numbers();
        RingOptions options = new RingOptions(SMALL, BackPressure.COUNT, Duration.ZERO);
        try (RingFile ring = RingFile.create(folder.resolve("ring"), options)) {
            Process writer = NativeParts.start(NativeParts.example(), ring.path(), 20_000);
            String said = NativeParts.output(writer);
            RingSource source = new RingSource(ring);
            source.finish(numbers);
            assertThat(said).startsWith("recorded=" + numbers.events + " lost=" + numbers.lost + " ");
            assertThat(ring.status().lostRecords()).isEqualTo(numbers.lost);
        }
        assertThat(numbers.lost).isPositive();
        assertThat(numbers.why).isEqualTo("the ring was full");
        assertThat(numbers.events + numbers.lost).isEqualTo(20_000);
    }

    @Test
    void aWriterWhoseReaderLeavesGoesOnAndCounts() throws IOException {
        RingOptions options = new RingOptions(SMALL, BackPressure.BLOCK, Duration.ZERO);
        Path path = folder.resolve("ring");
        Process writer;
        try (RingFile ring = RingFile.create(path, options)) {
            writer = NativeParts.start(NativeParts.example(), ring.path(), 20_000);
            while (ring.status().waits() == 0) {
                Thread.onSpinWait();
            }
        }
        String said = NativeParts.output(writer);
        Numbers numbers = new Numbers();
        try (RingFile again = RingFile.open(path)) {
            RingSource source = new RingSource(again);
            source.finish(numbers);
            assertThat(again.writerState()).isEqualTo(WriterState.ENDED);
        }
        assertThat(said).startsWith("recorded=" + numbers.events + " lost=" + numbers.lost + " ");
        assertThat(numbers.events + numbers.lost).isEqualTo(20_000);
    }

    @Test
    void aReaderThatComesBackLearnsWhatWasLostInItsPlace() throws IOException {
        RingOptions options = new RingOptions(SMALL, BackPressure.BLOCK, Duration.ZERO);
        Path path = folder.resolve("ring");
        Numbers numbers = new Numbers();
        Process writer;
        try (RingFile ring = RingFile.create(path, options)) {
            writer = NativeParts.start(NativeParts.example(), ring.path(), 30_000, 1, 20);
        }
        while (lostRecords(path) == 0) {
            Thread.onSpinWait();
        }
        try (RingFile again = RingFile.open(path)) {
            RingSource source = new RingSource(again);
            readUntil(source, numbers, () -> isOver(again));
            source.finish(numbers);
        }
        assertThat(NativeParts.output(writer)).contains(" lost=" + numbers.lost + " ");
        assertThat(numbers.skipped).as("numbers that do not come").isEqualTo(numbers.lost);
        assertThat(numbers.events + numbers.lost).isEqualTo(30_000);
    }

    /** Looks into the file of a ring that nobody reads. */
    private static long lostRecords(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            file.read(value, RingDescriptor.LOST_OFFSET);
            return value.getLong(0);
        }
    }

    @Test
    void aWriterThatIsKilledIsNotTakenForOneThatEnded() throws IOException {
        Numbers numbers = new Numbers();
        try (RingFile ring = RingFile.create(folder.resolve("ring"), BLOCKING)) {
            Process writer = NativeParts.start(NativeParts.example(), ring.path(), 1_000_000_000, 2);
            RingSource source = new RingSource(ring);
            readUntil(source, numbers, () -> numbers.events > 100_000);
            writer.destroyForcibly();
            readUntil(source, numbers, () -> isOver(ring));
            long unfinished = source.finish(numbers);
            assertThat(ring.writerState()).isEqualTo(WriterState.KILLED);
            assertThat(unfinished).isLessThanOrEqualTo(2);
            assertThat(ring.status().usedBytes()).isZero();
        }
        assertThat(numbers.skipped).isZero();
    }

    @Test
    void thereIsOneWriterOnly() throws IOException {
        try (RingFile ring = RingFile.create(folder.resolve("ring"), BLOCKING)) {
            Process first = NativeParts.start(NativeParts.example(), ring.path(), 1_000_000_000);
            while (ring.writerState() != WriterState.WRITING) {
                Thread.onSpinWait();
            }
            Process second = NativeParts.start(NativeParts.example(), ring.path(), 1);
            assertThat(NativeParts.output(second)).contains("the ring has a writer already");
            first.destroyForcibly();
        }
    }
}
