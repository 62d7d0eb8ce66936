package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.Progress;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines that come one by one, while another thread writes, give the events of the same lines in a file, byte by byte. */
class LiveAssemblyTest {
    @TempDir
    Path folder;

    static Stream<Capture> logs() {
        return Captures.logs().stream();
    }

    /** A running checksum of all frames but the first and the last of a session, which tell who recorded. */
    private static final class Digest implements EventAppender {
        private final FrameEventView view = new FrameEventView();
        private long events;
        private long hash;

        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            assertThat(view.tryWrap(buffer, offset, offset + lengthBytes, 0)).isNull();
            if (view.kind() != EventKind.SESSION_START && view.kind() != EventKind.SESSION_END) {
                events++;
                for (int at = offset; at < offset + lengthBytes; at += Long.BYTES) {
                    hash = hash * 31 + buffer.getLong(at);
                }
            }
            return events;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    @ParameterizedTest
    @MethodSource("logs")
    void liveOrFromAFileIsTheSame(Capture capture) throws IOException {
        Path log = capture.extractTo(folder);
        Digest imported = new Digest();
        QemuLogImport.run(List.of(log), imported, ImportOptions.defaults(), Progress.NONE);
        Digest recorded = new Digest();
        LiveQemuLog live = new LiveQemuLog(QemuLogImport.survey(List.of(log)), "", "", "", null, recorded);
        CompletableFuture<Void> written = CompletableFuture.runAsync(live::run);
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(log)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                live.line(line, LiveQemuLog.NO_STAMP, 0);
            }
        }
        live.end();
        written.join();
        assertThat(recorded.events).isEqualTo(imported.events);
        assertThat(recorded.hash).isEqualTo(imported.hash);
    }
}
