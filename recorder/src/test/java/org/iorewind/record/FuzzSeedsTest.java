package org.iorewind.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.iorewind.record.debugfs.DebugfsFuzz;
import org.iorewind.record.ftrace.FtraceFuzz;
import org.iorewind.record.mmiotrace.MmiotraceFuzz;
import org.iorewind.record.simpletrace.SimpleTraceFuzz;
import org.junit.jupiter.api.Test;

/** All seeds of the importers' fuzz targets, and all inputs that once failed, in every build. */
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
    void ftraceSeedsAreImportedOrRefusedByName() throws IOException {
        run("ftrace", FtraceFuzz::fuzzerTestOneInput);
    }

    @Test
    void simpletraceSeedsAreImportedOrRefusedByName() throws IOException {
        run("simpletrace", SimpleTraceFuzz::fuzzerTestOneInput);
    }

    @Test
    void mmiotraceSeedsAreImportedOrRefusedByName() throws IOException {
        run("mmiotrace", MmiotraceFuzz::fuzzerTestOneInput);
    }

    @Test
    void debugfsSeedsAreImportedOrRefusedByName() throws IOException {
        run("debugfs", DebugfsFuzz::fuzzerTestOneInput);
    }
}
