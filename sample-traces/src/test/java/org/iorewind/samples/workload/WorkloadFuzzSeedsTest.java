package org.iorewind.samples.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All seeds of the fuzz target, and all inputs that once failed, in every build. */
class WorkloadFuzzSeedsTest {
    private static List<Path> seeds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "fuzz", "workload"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void seedsAreReadOrRefusedByName() throws IOException {
        assertThat(seeds()).hasSizeGreaterThanOrEqualTo(4);
        for (Path seed : seeds()) {
            WorkloadFuzz.fuzzerTestOneInput(Files.readAllBytes(seed));
        }
    }

    /** Else a fuzzer that begins with them would never come behind the first refusal. */
    @Test
    void someSeedsAreWorkloads() throws IOException {
        List<String> names = seeds().stream()
                .map(seed -> seed.getFileName().toString())
                .filter(name -> name.startsWith("workload-"))
                .toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(2);
        for (String name : names) {
            byte[] seed = Files.readAllBytes(Path.of("src", "test", "fuzz", "workload", name));
            assertThat(WorkloadReader.read(seed).guests()).as(name).isNotEmpty();
        }
    }
}
