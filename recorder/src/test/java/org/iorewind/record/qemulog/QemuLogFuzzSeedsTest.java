package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All seeds of the fuzz target, and all inputs that once failed, in every build. */
class QemuLogFuzzSeedsTest {
    @Test
    void everySeedIsImportedOrRefusedByName() throws IOException {
        List<Path> seeds;
        try (Stream<Path> files = Files.list(Path.of("src", "test", "fuzz", "qemulog"))) {
            seeds = files.sorted().toList();
        }
        assertThat(seeds).isNotEmpty();
        for (Path seed : seeds) {
            QemuLogFuzz.fuzzerTestOneInput(Files.readAllBytes(seed));
        }
    }
}
