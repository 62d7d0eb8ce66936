package org.iorewind.record.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.intake.BackPressure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java reader against Agrona's own writer, and against writers that write nonsense. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingSourceTest {
    private static final int CAPACITY = 1 << 16;
    private static final RingOptions OPTIONS = new RingOptions(CAPACITY, BackPressure.COUNT, Duration.ZERO);

    @TempDir
    private Path folder;

    private Path path;
    private RingFile file;
    private ManyToOneRingBuffer writer;
    private final Lengths lengths = new Lengths();

    /** Lengths of event records, and losses. */
    private static final class Lengths implements RingHandler {
        final List<Integer> events = new ArrayList<>();
        final List<String> losses = new ArrayList<>();

        @Override
        public void event(DirectBuffer buffer, int offset, int length) {
            assertThat(offset).isNotNegative();
            assertThat(offset + length).isLessThanOrEqualTo(CAPACITY);
            events.add(length);
        }

        @Override
        public void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length) {
            assertThat(length).isNotNegative();
            assertThat(offset + length).isLessThanOrEqualTo(CAPACITY);
        }

        @Override
        public void lost(long firstNs, long lastNs, long count, String why) {
            losses.add(count + " " + why);
        }
    }

    @BeforeEach
    void makeARing() {
        path = folder.resolve("ring");
        file = RingFile.create(path, OPTIONS);
        writer = new ManyToOneRingBuffer(file.data());
    }

    @AfterEach
    void leaveIt() {
        file.close();
    }

    private void write(int type, int length) {
        assertThat(writer.write(type, new UnsafeBuffer(new byte[length]), 0, length))
                .isTrue();
    }

    @Test
    void whatAgronaWritesIsRead() {
        RingSource source = new RingSource(file);
        int written = 0;
        for (int round = 0; round < 100; round++) {
            for (int length = 0; length < 5000; length += 487) {
                write(RingDescriptor.EVENT, length);
                written++;
            }
            source.poll(lengths, 1000);
        }
        assertThat(lengths.events).hasSize(written).startsWith(0, 487, 974);
        assertThat(writer.size()).isZero();
    }

    @Test
    void noMoreThanTheLimitIsHandedOnAtOnce() {
        RingSource source = new RingSource(file);
        for (int i = 0; i < 10; i++) {
            write(RingDescriptor.EVENT, i);
        }
        assertThat(source.poll(lengths, 3)).isEqualTo(3);
        assertThat(lengths.events).containsExactly(0, 1, 2);
        assertThat(source.poll(lengths, 100)).isEqualTo(7);
    }

    @Test
    void aRecordThatIsRefusedStaysAndThoseBeforeItAreFreed() {
        RingSource source = new RingSource(file);
        write(RingDescriptor.EVENT, 8);
        write(RingDescriptor.EVENT, 16);
        RingHandler refuses = new RingHandler() {
            @Override
            public void event(DirectBuffer buffer, int offset, int length) {
                if (length == 16) {
                    throw new TraceStoreException("trace", "", "room", "none", "make room");
                }
            }

            @Override
            public void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length) {}

            @Override
            public void lost(long firstNs, long lastNs, long count, String why) {}
        };
        assertThatThrownBy(() -> source.poll(refuses, 10)).isInstanceOf(TraceStoreException.class);
        assertThat(source.poll(lengths, 10)).isEqualTo(1);
        assertThat(lengths.events).containsExactly(16);
    }

    @Test
    void kindsOfALaterVersionAreCountedAndSkipped() {
        RingSource source = new RingSource(file);
        write(77, 8);
        write(RingDescriptor.EVENT, 8);
        source.poll(lengths, 10);
        assertThat(source.unknownRecords()).isEqualTo(1);
        assertThat(lengths.events).containsExactly(8);
    }

    @Test
    void aRecordThatItsWriterDidNotFinishIsSkippedAndCounted() {
        RingSource source = new RingSource(file);
        write(RingDescriptor.EVENT, 8);
        assertThat(writer.tryClaim(RingDescriptor.EVENT, 100)).isPositive();
        write(RingDescriptor.EVENT, 16);
        assertThat(source.poll(lengths, 10)).isEqualTo(1);
        assertThat(source.finish(lengths)).isEqualTo(1);
        assertThat(lengths.events).containsExactly(8, 16);
        assertThat(lengths.losses).containsExactly("1 the writer was killed while it wrote them");
    }

    @Test
    void aLengthThatCannotBeCostsWhatIsInTheRingAndNoMore() {
        RingSource source = new RingSource(file);
        write(RingDescriptor.EVENT, 8);
        write(RingDescriptor.EVENT, 16);
        write(RingDescriptor.EVENT, 24);
        file.data().putInt(16, 3, ByteOrder.LITTLE_ENDIAN);
        source.poll(lengths, 10);
        write(RingDescriptor.EVENT, 32);
        source.poll(lengths, 10);
        assertThat(lengths.events).containsExactly(8, 32);
        assertThat(lengths.losses)
                .containsExactly("0 a record in the ring claims a length of 3 bytes: what was in it is lost");
    }

    @Test
    void aReaderAfterOneThatDiedSkipsWhatWasHandedOn() {
        RingSource source = new RingSource(file);
        write(RingDescriptor.EVENT, 8);
        source.poll(lengths, 10);
        write(RingDescriptor.EVENT, 16);
        write(RingDescriptor.EVENT, 24);
        // it died after it had handed on the second record and zeroed half of it
        file.header().putLong(RingDescriptor.READER_TAKEN_OFFSET, 16 + 24, ByteOrder.LITTLE_ENDIAN);
        file.data().setMemory(16, 12, (byte) 0);
        RingSource next = new RingSource(file);
        next.poll(lengths, 10);
        assertThat(lengths.events).containsExactly(8, 24);
    }

    @Test
    void aReaderMayBeginAfreshAndSaysHowMuchItThrewAway() {
        write(RingDescriptor.EVENT, 8);
        write(RingDescriptor.EVENT, 16);
        UnsafeBuffer lost = new UnsafeBuffer(new byte[RingDescriptor.LOST_LENGTH]);
        lost.putLong(16, 5, ByteOrder.LITTLE_ENDIAN);
        assertThat(writer.write(RingDescriptor.LOST, lost, 0, RingDescriptor.LOST_LENGTH))
                .isTrue();
        file.header().putLong(RingDescriptor.UNTOLD_OFFSET, 7, ByteOrder.LITTLE_ENDIAN);
        RingSource source = new RingSource(file);
        assertThat(source.discard()).isEqualTo(2 + 5 + 7);
        assertThat(source.discard()).isZero();
        write(RingDescriptor.EVENT, 24);
        source.finish(lengths);
        assertThat(lengths.events).containsExactly(24);
        assertThat(lengths.losses).isEmpty();
    }

    @Test
    void nonsenseNeitherThrowsNorHolds() {
        Random random = new Random(6);
        RingSource source = new RingSource(file);
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < CAPACITY; i += 4) {
                file.data().putInt(i, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(64));
            }
            long tail = random.nextBoolean() ? random.nextLong() : file.head() + random.nextInt(2 * CAPACITY);
            file.data().putLongVolatile(CAPACITY + RingDescriptor.TAIL_OFFSET, tail);
            source.poll(lengths, 1000);
            lengths.events.clear();
            lengths.losses.clear();
        }
        source.finish(lengths);
    }

    @Test
    void aRingHasOneReader() {
        assertThatThrownBy(() -> RingFile.open(path))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("a ring that nobody reads");
    }

    @Test
    void aRingIsNotMadeOverAFile() {
        assertThatThrownBy(() -> RingFile.create(path, OPTIONS))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("a place where nothing is yet");
    }

    @Test
    void headersThatCannotBeAreRefused() throws IOException {
        file.close();
        byte[] good = Files.readAllBytes(path);
        for (int[] change : new int[][] {{0, 1}, {8, 2}, {12, 5}, {16, 77}, {22, 1}}) {
            byte[] bad = good.clone();
            bad[change[0]] = (byte) change[1];
            Files.write(path, bad);
            assertThatThrownBy(() -> RingFile.open(path)).isInstanceOf(TraceFormatException.class);
        }
        Files.write(path, new byte[100]);
        assertThatThrownBy(() -> RingFile.open(path)).isInstanceOf(TraceFormatException.class);
        Files.write(path, good);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer tail =
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 12);
            channel.write(tail, RingDescriptor.HEADER_LENGTH + CAPACITY + RingDescriptor.TAIL_OFFSET);
        }
        assertThatThrownBy(() -> RingFile.open(path)).isInstanceOf(TraceFormatException.class);
        assertThatThrownBy(() -> RingFile.open(folder.resolve("none"))).isInstanceOf(TraceStoreException.class);
    }
}
