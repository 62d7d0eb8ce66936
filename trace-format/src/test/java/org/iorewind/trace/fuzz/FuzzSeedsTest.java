package org.iorewind.trace.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.iorewind.trace.archive.ArchiveFuzz;
import org.iorewind.trace.block.BlockFuzz;
import org.iorewind.trace.json.JsonLinesFuzz;
import org.junit.jupiter.api.Test;

/** All seeds, and all inputs that once failed, in every build. */
class FuzzSeedsTest {
    private static void run(String name, Consumer<byte[]> target) throws IOException {
        List<Path> seeds;
        try (Stream<Path> files = Files.list(Path.of("src", "test", "fuzz", name))) {
            seeds = files.sorted().toList();
        }
        assertThat(seeds).isNotEmpty();
        for (Path seed : seeds) {
            target.accept(Files.readAllBytes(seed));
        }
    }

    @Test
    void archive() throws IOException {
        run("archive", ArchiveFuzz::fuzzerTestOneInput);
    }

    @Test
    void block() throws IOException {
        run("block", BlockFuzz::fuzzerTestOneInput);
    }

    @Test
    void jsonLines() throws IOException {
        run("jsonl", JsonLinesFuzz::fuzzerTestOneInput);
    }
}
