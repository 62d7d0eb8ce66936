package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KilledWriterTest {
    @TempDir
    Path directory;

    /** How many of the random rounds: 50 in CI, 1,000 in the long form. */
    private static final int ROUNDS = Integer.getInteger("iorewind.kill.rounds", 4);

    static LongStream randomMoments() {
        return new Random(ROUNDS).longs(ROUNDS, 1, 60_000);
    }

    @ParameterizedTest
    @MethodSource("randomMoments")
    void atAnyMoment(long killAfter) throws IOException, InterruptedException {
        everyAcknowledgedEventSurvivesTheDeathOfTheWriter(killAfter);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 700, 3999, 4000, 9000, 60_000})
    void everyAcknowledgedEventSurvivesTheDeathOfTheWriter(long killAfter) throws IOException, InterruptedException {
        Path journal = directory.resolve("journal");
        Process process = ChildProcess.start(AppendingProcess.class, journal.toString());
        long acknowledged = -1;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                acknowledged = Long.parseLong(line);
                if (acknowledged == killAfter) {
                    process.destroyForcibly();
                    break;
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(acknowledged).isEqualTo(killAfter);
        assertJournalHolds(journal, acknowledged);
    }

    private static void assertJournalHolds(Path journal, long acknowledged) {
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            assertThat(reader.isClosed()).isFalse();
            MmioWriteDecoder write = new MmioWriteDecoder();
            assertThat(cursor.next()).isTrue();
            long events = 1;
            while (cursor.next()) {
                assertThat(cursor.event().sequence()).isEqualTo(events);
                write.wrap(
                        cursor.event().buffer(),
                        cursor.event().bodyOffset(),
                        cursor.event().blockLength(),
                        cursor.event().version());
                assertThat(write.value()).isEqualTo(AppendingProcess.valueOf(events));
                events++;
            }
            assertThat(events).isGreaterThan(acknowledged);
            IntegrityReport report = reader.check();
            assertThat(report.damages()).isEmpty();
            assertThat(report.tornTail()).isTrue();
            assertThat(report.endedInOrder()).isFalse();
            assertThat(report.events()).isEqualTo(events);
        }
    }
}
