package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about planted mistakes tells the truth. */
class PlantedBugsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "planted-bugs.md");

    @TempDir
    private Path dir;

    @Test
    void everyCommandOfThePagePrintsWhatThePageShows() throws IOException {
        assertThat(PageCommands.run(PAGE, dir)).as("commands on the page").isGreaterThanOrEqualTo(20);
    }
}
