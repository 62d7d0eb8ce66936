package org.iorewind.record.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSourceTest {
    private static final byte[] TEXT = "one\ntwo\r\n\nlast".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("log"), content);
    }

    private static List<String> lines(Path path) {
        List<String> lines = new ArrayList<>();
        try (TextSource source = TextSource.open(path)) {
            for (String line = source.nextLine(); line != null; line = source.nextLine()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        }
        return out.toByteArray();
    }

    @Test
    void plainGzipAndZstdGiveTheSameLines() throws IOException {
        List<String> expected = List.of("one", "two", "", "last");
        assertThat(lines(file(TEXT))).isEqualTo(expected);
        assertThat(lines(file(gzip(TEXT)))).isEqualTo(expected);
        assertThat(lines(file(Zstd.compress(TEXT)))).isEqualTo(expected);
    }

    @Test
    void everyCutOfAGzipFileIsNamedOrGivesAPrefixThatSaysSo() throws IOException {
        byte[] whole = gzip(TEXT);
        for (int length = 2; length < whole.length; length++) {
            Path cut = file(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> lines(cut)).isInstanceOf(TraceFormatException.class);
        }
    }

    @Test
    void everyCutOfAZstdFileIsNamed() throws IOException {
        byte[] whole = Zstd.compress(TEXT);
        for (int length = 4; length < whole.length; length++) {
            Path cut = file(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> lines(cut)).isInstanceOf(TraceFormatException.class);
        }
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Path empty = file(new byte[0]);
        assertThatThrownBy(() -> lines(empty)).hasMessageContaining("empty file");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> lines(folder.resolve("absent"))).hasMessageContaining("no such file");
    }

    @Test
    void aFolderIsRefused() {
        assertThatThrownBy(() -> lines(folder)).hasMessageContaining("a directory");
    }

    @Test
    void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() throws IOException {
        byte[] endless = new byte[TextSource.LINE_LIMIT_BYTES + 2];
        Arrays.fill(endless, (byte) 'x');
        Path path = file(endless);
        assertThatThrownBy(() -> lines(path)).hasMessageContaining("line 1").hasMessageContaining("1048576");
    }
}
