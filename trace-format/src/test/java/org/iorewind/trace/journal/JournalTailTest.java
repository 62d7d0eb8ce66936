package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    void aTailMayBeginAnywhere() {
        EventList events = RandomEvents.session(10, 20_000);
        try (JournalWriter writer = JournalWriter.create(directory.resolve("j"))) {
            events.copyTo(writer);
            for (int from : new int[] {0, 1, 1023, 1024, 10_000, 19_500, 19_999}) {
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
}
