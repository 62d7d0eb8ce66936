package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KilledWriterTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 700, 1023, 1024, 2500, 60_000})
    void everyAcknowledgedEventSurvivesTheDeathOfTheWriter(long killAfter) throws IOException, InterruptedException {
        Path journal = directory.resolve("journal");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-") || argument.startsWith("-D") || argument.startsWith("--enable")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(AppendingProcess.class.getName(), journal.toString()));
        Process process =
                new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
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
