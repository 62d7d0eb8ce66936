package org.iorewind.samples.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All seeds of the fuzz target, whole, and with every third byte changed, in every build. */
class ScenarioFuzzSeedsTest {
    private static final Path SEEDS = Path.of("src", "test", "fuzz", "scenario");

    @Test
    void descriptionsAreTakenOrRefusedByName() throws IOException {
        List<Path> seeds;
        try (Stream<Path> files = Files.list(SEEDS)) {
            seeds = files.sorted().toList();
        }
        assertThat(seeds).hasSizeGreaterThan(2);
        for (Path seed : seeds) {
            byte[] whole = Files.readAllBytes(seed);
            ScenarioFuzz.fuzzerTestOneInput(whole);
            for (int i = 0; i < whole.length; i += 3) {
                byte[] damaged = whole.clone();
                damaged[i] ^= 4;
                ScenarioFuzz.fuzzerTestOneInput(damaged);
            }
        }
    }

    /** Else a fuzzer that begins with them would never come behind the first refusal. */
    @Test
    void someSeedsAreDescriptions() throws IOException {
        List<Path> whole;
        try (Stream<Path> files = Files.list(SEEDS)) {
            whole = files.filter(seed -> seed.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        assertThat(whole).hasSizeGreaterThanOrEqualTo(4);
        for (Path seed : whole) {
            assertThat(ScenarioReader.read(Files.readAllBytes(seed)).name())
                    .as("%s", seed)
                    .isNotEmpty();
        }
    }
}
