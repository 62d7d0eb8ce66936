package org.iorewind.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {
    @TempDir
    Path directory;

    private Path file(byte... content) throws IOException {
        return Files.write(directory.resolve("x.iorw"), content);
    }

    /** No file is too short to be told what it is; how it goes on, its first byte does not say. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theShortestFilesAreRefusedByName(int length) throws IOException {
        for (int first = 0; first < 256; first++) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) first);
            Path file = file(bytes);
            assertThatThrownBy(() -> Traces.open(file))
                    .as("first=" + first)
                    .isInstanceOf(
                            Traces.isTrace(file) ? TruncatedTraceException.class : UnsupportedTraceException.class);
        }
    }

    @Test
    void nothingAtThePathIsSaid() {
        assertThatThrownBy(() -> Traces.open(directory.resolve("none")))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("found no such file or directory");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPipeIsRefusedAndNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> Traces.open(pipe))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("found a pipe or a device");
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() throws IOException {
        Path file = file();
        assertThatThrownBy(() -> Traces.open(file))
                .isInstanceOf(TruncatedTraceException.class)
                .hasMessageContaining("an empty file");
    }

    @Test
    void otherFilesAreNamed() throws IOException {
        Path text = Files.writeString(directory.resolve("log"), "[    0.0] AMD-Vi: Event logged [IO_PAGE_FAULT]\n");
        assertThatThrownBy(() -> Traces.open(text))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("found a text file; import it with 'iorewind import' first");
        Path json = Files.writeString(directory.resolve("json"), "{\"seq\":0,\"kind\":\"SessionStart\"}\n");
        assertThatThrownBy(() -> Traces.open(json)).hasMessageContaining("JSON Lines");
        Path gzip = file((byte) 0x1F, (byte) 0x8B, (byte) 8, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        assertThatThrownBy(() -> Traces.open(gzip)).hasMessageContaining("a gzip file");
        Path binary = file(new byte[100]);
        assertThatThrownBy(() -> Traces.open(binary))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("a binary file of another kind");
    }

    @Test
    void aFewBytesAreSaidToBeTooFew() throws IOException {
        Path file = file((byte) 'I', (byte) 'O', (byte) 'R');
        assertThatThrownBy(() -> Traces.open(file)).isInstanceOf(TruncatedTraceException.class);
    }

    @Test
    void aFileShorterThanAMagicNumberIsJudgedByWhatItHas() throws IOException {
        Path text = Files.writeString(directory.resolve("short"), "hello\n");
        assertThatThrownBy(() -> Traces.open(text))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("found a text file");
        Path cut = Files.writeString(directory.resolve("cut.iorw"), "IORW");
        assertThatThrownBy(() -> Traces.open(cut)).isInstanceOf(TruncatedTraceException.class);
    }
}
