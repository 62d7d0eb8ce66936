package org.iorewind.cli.debug.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.iorewind.cli.debug.UserFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of events that outlive a session. */
class MarksFileTest {
    @TempDir
    Path folder;

    private Marks session(Path file) {
        Marks marks = new Marks();
        marks.keepIn(file);
        return marks;
    }

    @Test
    void aNameIsKnownInTheNextSessionAndMayMove() {
        Path file = folder.resolve("marks");
        assertThat(session(file).give("the first fault", 63_520)).isEmpty();
        assertThat(session(file).give("before", -1)).isEmpty();
        assertThat(session(file).give("the first fault", 63_521)).isEmpty();

        Marks next = session(file);
        assertThat(next.find("the first fault")).hasValue(63_521);
        assertThat(next.given()).isEqualTo(Map.of("the first fault", 63_521L, "before", -1L));
        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void whatIsNoMarkInTheFileIsPassedOver() throws IOException {
        Path file = folder.resolve("marks");
        Files.write(file, new byte[] {(byte) 0xff, '\n', 0, '\n'});
        Files.write(
                file,
                List.of("12 good", "", " ", "13", "14 ", "x 15", "-2 below", "99999999999999999999 far", "16 a b"),
                StandardOpenOption.APPEND);
        assertThat(session(file).given()).isEqualTo(Map.of("good", 12L, "a b", 16L));
    }

    @Test
    void aFileWithoutEndIsNotReadToTheEnd() throws IOException {
        Path file = folder.resolve("marks");
        Files.write(file, "1 a\n2 b\n".repeat(1 << 18).getBytes(UTF_8));
        assertThat(new MarksFile(file).load()).containsOnlyKeys("a", "b");

        TreeMap<String, Long> many = new TreeMap<>();
        for (int i = 0; i < MarksFile.MOST + 10; i++) {
            many.put("mark " + i, (long) i);
        }
        new MarksFile(file).save(many);
        assertThat(new MarksFile(file).load()).hasSize(MarksFile.MOST);
    }

    @Test
    void whatCannotBeKeptIsGivenAllTheSame() {
        Marks marks = session(folder.resolve("none").resolve("marks"));
        assertThat(marks.give("here", 7)).contains("no such file or directory");
        assertThat(marks.find("here")).isEqualTo(OptionalLong.of(7));
        assertThat(new Marks().give("here", 7)).isEmpty();
    }

    @Test
    void eachRecordingHasItsOwnFileBelowTheUsersCacheFolder() {
        Path cache = folder.resolve("cache");
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", cache.toString(), "HOME", "/nowhere");
        assertThat(UserFiles.marks(environment, "0123")).hasParentRaw(cache.resolve("iorewind/debug-marks"));
        assertThat(UserFiles.history(environment)).isEqualTo(cache.resolve("iorewind/debug-history"));
        assertThat(UserFiles.marks(Map.of(), "0123")).isNull();
        assertThat(cache.resolve("iorewind/debug-marks")).isEmptyDirectory();
    }
}
