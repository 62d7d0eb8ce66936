package org.iorewind.samples.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.samples.scenario.Scenarios;
import org.iorewind.trace.archive.ArchiveWriter;

/** Every scenario, recorded with seed 1 and analysed once for all tests of a run. */
final class Outcomes {
    static final long SEED = 1;

    private static final Map<String, Outcome> ALL = compute();

    private Outcomes() {}

    private static Map<String, Outcome> compute() {
        Map<String, Outcome> all = new LinkedHashMap<>();
        try {
            Path folder = Files.createTempDirectory("outcomes");
            for (Scenario scenario : Scenarios.list()) {
                Path trace = folder.resolve(scenario.name() + ".iorw");
                try (ArchiveWriter writer = ArchiveWriter.create(trace)) {
                    ScenarioRecorder.record(scenario, SEED, writer);
                }
                String filter = Reviewed.of(scenario.name()).filter();
                all.put(scenario.name(), Outcome.of(scenario.name(), trace, filter));
                Files.delete(trace);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** By name, in the order of the catalogue. */
    static Map<String, Outcome> all() {
        return ALL;
    }
}
