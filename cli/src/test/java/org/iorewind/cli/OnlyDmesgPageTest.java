package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for people who have only a kernel log tells the truth. */
class OnlyDmesgPageTest {
    private static final Path PAGE = Path.of("..", "docs", "only-dmesg.md");

    @TempDir
    private Path dir;

    @Test
    void everyCommandOfThePagePrintsWhatThePageShows() throws IOException {
        assertThat(PageCommands.run(PAGE, dir)).as("commands on the page").isGreaterThanOrEqualTo(4);
    }
}
