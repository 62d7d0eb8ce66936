package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTailTest {
    private static final int PATIENCE_S = 30;

    @TempDir
    Path directory;

    private static String frame(JournalTail tail) {
        byte[] frame = new byte[tail.event().frameLength()];
        tail.event().buffer().getBytes(tail.event().offset(), frame);
        return HexFormat.of().formatHex(frame);
    }

    @Test
    void anEventIsSeenAsSoonAsItIsAppended() {
        EventList events = RandomEvents.session(9, 6000);
        JournalWriter writer = JournalWriter.create(directory.resolve("j"));
        try {
            byte[] first = events.frames().get(0);
            writer.append(new UnsafeBuffer(first), 0, first.length);
            try (JournalTail tail = JournalTail.open(directory.resolve("j"), 0)) {
                assertThat(tail.next()).isTrue();
                for (int i = 1; i < events.frames().size(); i++) {
                    assertThat(tail.next()).isFalse();
                    byte[] frame = events.frames().get(i);
                    writer.append(new UnsafeBuffer(frame), 0, frame.length);
                    assertThat(tail.next()).as("event %d", i).isTrue();
                    assertThat(tail.event().sequence()).isEqualTo(i);
                    assertThat(frame(tail)).isEqualTo(events.hex().get(i));
                }
                assertThat(tail.isEnded()).isFalse();
                writer.close();
                assertThat(tail.next()).isFalse();
                assertThat(tail.isEnded()).isTrue();
                assertThat(tail.await(1, TimeUnit.HOURS)).isFalse();
            }
        } finally {
            writer.close();
        }
    }

    @Test
    void whoFollowsAJournalThatWasRemovedDoesNotWaitForEver() throws Exception {
        EventList events = RandomEvents.session(9, 100);
        Path journal = directory.resolve("j");
        try (JournalWriter writer = JournalWriter.create(journal)) {
            events.copyTo(writer);
            writer.sync();
            try (JournalTail tail = JournalTail.open(journal, 0)) {
                assertThat(EventList.rest(tail)).hasSize(100);
                assertThat(tail.awaitMore(0)).isTrue();
                Files.move(journal, directory.resolve("elsewhere"));
                assertThat(tail.awaitMore(0)).isFalse();
                assertThat(tail.isEnded()).isFalse();
            } finally {
                Files.move(directory.resolve("elsewhere"), journal);
            }
        }
    }

    @Test
    void aTailMayBeginAnywhere() {
        EventList events = RandomEvents.session(10, 20_000);
        try (JournalWriter writer = JournalWriter.create(directory.resolve("j"))) {
            events.copyTo(writer);
            for (int from : new int[] {0, 1, 3999, 4000, 10_000, 19_500, 19_999}) {
                try (JournalTail tail = JournalTail.open(directory.resolve("j"), from)) {
                    assertThat(EventList.rest(tail))
                            .isEqualTo(events.hex().subList(from, events.hex().size()));
                    tail.seek(from);
                    assertThat(tail.next()).isTrue();
                    assertThat(frame(tail)).isEqualTo(events.hex().get(from));
                }
            }
        }
    }

    @Test
    void aTailThatFallsBehindLosesNothing() throws Exception {
        int count = 400_000;
        Path path = directory.resolve("j");
        try (JournalWriter journal = JournalWriter.create(path)) {
            EventWriter writer = new EventWriter(journal);
            writer.sessionStart(RandomEvents.info(1, 2));
            CompletableFuture<Long> tailed = CompletableFuture.supplyAsync(() -> {
                MmioWriteDecoder write = new MmioWriteDecoder();
                try (JournalTail tail = JournalTail.open(path, 1)) {
                    long seen = 1;
                    while (seen < count && tail.await(PATIENCE_S, TimeUnit.SECONDS)) {
                        assertThat(tail.next()).isTrue();
                        write.wrap(
                                tail.event().buffer(),
                                tail.event().bodyOffset(),
                                tail.event().blockLength(),
                                0);
                        assertThat(write.value()).isEqualTo(AppendingProcess.valueOf(seen));
                        seen++;
                    }
                    return seen;
                }
            });
            for (long i = 1; i < count; i++) {
                writer.at(i).mmioWrite(MmioSpace.HOST, 8, 0, AppendingProcess.valueOf(i));
            }
            assertThat(tailed.get(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo(count);
        }
    }

    /** Two processes, and the reader is started anew again and again. */
    @Test
    void aReaderInAnotherProcessThanTheWriterMayBeRestarted() throws Exception {
        Path journal = directory.resolve("journal");
        Process process = ChildProcess.start(AppendingProcess.class, journal.toString(), "20000");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
            assertThat(out.readLine()).isEqualTo("0");
            MmioWriteDecoder write = new MmioWriteDecoder();
            CompletableFuture<Long> acknowledged = CompletableFuture.supplyAsync(
                    () -> out.lines().mapToLong(Long::parseLong).max().orElse(0));
            long seen = 1;
            while (seen < 20_000) {
                try (JournalTail tail = JournalTail.open(journal, seen)) {
                    long until = Math.min(20_000, seen + 1 + seen % 1777);
                    while (seen < until) {
                        assertThat(tail.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
                        assertThat(tail.next()).isTrue();
                        write.wrap(
                                tail.event().buffer(),
                                tail.event().bodyOffset(),
                                tail.event().blockLength(),
                                0);
                        assertThat(tail.event().sequence()).isEqualTo(seen);
                        assertThat(write.value()).isEqualTo(AppendingProcess.valueOf(seen));
                        seen++;
                    }
                }
            }
            assertThat(acknowledged.get(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo(19_999);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aWriterThatWasKilledIsGone() throws Exception {
        Path journal = directory.resolve("journal");
        Process process = ChildProcess.start(AppendingProcess.class, journal.toString());
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
            long acknowledged = Long.parseLong(out.readLine());
            try (JournalTail tail = JournalTail.open(journal, 0)) {
                long seen = 0;
                while (tail.next() || tail.awaitMore(1)) {
                    seen = tail.next() ? tail.event().sequence() : seen;
                    if (acknowledged < 5000) {
                        acknowledged = Long.parseLong(out.readLine());
                    } else {
                        process.destroyForcibly().waitFor();
                    }
                }
                assertThat(tail.isEnded()).isFalse();
                assertThat(tail.event().sequence()).isGreaterThanOrEqualTo(acknowledged);
                assertThat(WriterLock.isGone(journal)).isTrue();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aWriterInThisProcessLivesUntilItCloses() throws Exception {
        EventList events = RandomEvents.smallSession(5, 10);
        Path journal = directory.resolve("j");
        JournalWriter writer = JournalWriter.create(journal);
        events.copyTo(writer);
        try (JournalTail tail = JournalTail.open(journal, 0)) {
            assertThat(EventList.rest(tail)).isEqualTo(events.hex());
            // A look at the lock must not take it away from the writer.
            for (int i = 0; i < 3; i++) {
                assertThat(tail.awaitMore(0)).isTrue();
                assertThat(WriterLock.isGone(journal)).isFalse();
            }
            writer.close();
            assertThat(tail.awaitMore(0)).isFalse();
            assertThat(tail.isEnded()).isTrue();
            assertThat(WriterLock.isGone(journal)).isTrue();
        }
    }

    @Test
    void whereNobodyCanTellTheTailGoesOn() throws Exception {
        Path journal = directory.resolve("j");
        try (JournalWriter writer = JournalWriter.create(journal)) {
            RandomEvents.smallSession(5, 10).copyTo(writer);
            Files.delete(journal.resolve(WriterLock.NAME));
            try (JournalTail tail = JournalTail.open(journal, 10)) {
                assertThat(tail.awaitMore(0)).isTrue();
            }
        }
    }

    /** Time passes only while the tail waits, and an event comes in the middle of that. */
    private static final class FakeClock implements JournalTail.Waiting {
        private long now = 1_000_000_000L;
        private long eventAt;
        private Runnable event = () -> {};

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void pause(long ns) {
            if (now < eventAt && eventAt <= now + ns) {
                event.run();
            }
            now += ns;
        }
    }

    /** The promise is 10 ms from the append to the reader; how long a look takes is measured, not tested. */
    @Test
    void anEventIsAtMostTenMillisecondsOldWhenItIsSeen() {
        EventList events = RandomEvents.smallSession(5, 3000);
        FakeClock clock = new FakeClock();
        Random random = new Random(4);
        try (JournalWriter writer = JournalWriter.create(directory.resolve("j"))) {
            int appended = 0;
            byte[] first = events.frames().get(appended++);
            writer.append(new UnsafeBuffer(first), 0, first.length);
            try (JournalTail tail = JournalTail.open(directory.resolve("j"), 1, clock)) {
                while (appended < events.frames().size() - 1) {
                    byte[] frame = events.frames().get(appended++);
                    // From at once to after a pause in which the tail has come to look as rarely as it ever does.
                    clock.eventAt = clock.now + 1 + random.nextLong(1L << 10 + random.nextInt(17));
                    clock.event = () -> writer.append(new UnsafeBuffer(frame), 0, frame.length);
                    assertThat(tail.await(1, TimeUnit.HOURS)).isTrue();
                    assertThat(clock.now - clock.eventAt).isBetween(0L, 10_000_000L);
                    assertThat(tail.next()).isTrue();
                    assertThat(tail.next()).isFalse();
                }
            }
        }
    }

    /** Chronicle's files roll at midnight. A journal's file does not, so there is nothing that a tail could miss. */
    @Test
    void midnightIsAMomentLikeAnyOther() throws Exception {
        long dayNs = 86_400_000_000_000L;
        Path path = directory.resolve("j");
        try (JournalWriter journal = JournalWriter.create(path)) {
            EventWriter writer = new EventWriter(journal);
            writer.sessionStart(RandomEvents.info(1, 2));
            try (JournalTail slow = JournalTail.open(path, 0);
                    JournalTail tail = JournalTail.open(path, 1)) {
                long count = 20_000;
                for (long i = 1; i < count; i++) {
                    writer.at(dayNs - count / 2 + i).mmioWrite(MmioSpace.HOST, 8, 0, i);
                    assertThat(tail.next()).isTrue();
                    assertThat(tail.event().timeNs()).isEqualTo(dayNs - count / 2 + i);
                }
                assertThat(EventList.rest(slow)).hasSize((int) count);
            }
            try (JournalTail restarted = JournalTail.open(path, 9_000)) {
                assertThat(restarted.next()).isTrue();
                assertThat(restarted.event().timeNs()).isEqualTo(dayNs - 1_000);
            }
        }
        try (Stream<Path> files = Files.list(path.resolve(JournalDescriptor.BLOCKS_NAME))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(JournalDescriptor.QUEUE_DATA_NAME, JournalDescriptor.QUEUE_TABLE_NAME);
        }
    }
}
