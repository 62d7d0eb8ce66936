package org.iorewind.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.TraceStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path dir;

    @Test
    void aFileHasItsNameOnlyWhenItIsFinished() throws IOException {
        Path target = dir.resolve("a.html");
        try (OutputFile file = OutputFile.create(target, false)) {
            file.stream().write(new byte[] {1, 2, 3});
            assertThat(target).doesNotExist();
            file.finish();
        }
        assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(dir).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void anUnfinishedFileLeavesNothingAndTheOldOneStays() throws IOException {
        Path target = Files.writeString(dir.resolve("a.html"), "old");
        try (OutputFile file = OutputFile.create(target, true)) {
            file.stream().write(1);
        }
        assertThat(target).hasContent("old");
        assertThat(dir).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void anExistingFileAndADirectoryAreRefused() throws IOException {
        Path target = Files.writeString(dir.resolve("a.html"), "old");
        assertThatThrownBy(() -> OutputFile.create(target, false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--force");
        assertThatThrownBy(() -> OutputFile.create(dir, true)).isInstanceOf(UsageException.class);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() {
        assertThatThrownBy(() -> OutputFile.create(dir.resolve("none/a"), false))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("none/a");
    }

    @Test
    void deletingNeverFollowsALink() throws IOException {
        Path precious = Files.createDirectory(dir.resolve("precious"));
        Path file = Files.writeString(precious.resolve("file"), "x");
        Path ours = Files.createDirectory(dir.resolve("ours"));
        Files.createSymbolicLink(ours.resolve("link"), precious);
        Unfinished.delete(ours);
        assertThat(ours).doesNotExist();
        assertThat(file).hasContent("x");
    }
}
