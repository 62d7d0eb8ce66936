package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.iorewind.model.platform.PlainMachine;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.samples.scenario.ScenarioRecorder.Recorded;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.archive.Sealer;
import org.iorewind.trace.journal.JournalWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the story: what was recorded can be replayed, and leads to the same state. */
class ScenariosTest {
    private static final long SEED = 1;

    @TempDir
    Path folder;

    static Stream<String> names() {
        return Scenarios.list().stream().map(Scenario::name);
    }

    private static Scenario scenario(String name) {
        return Scenarios.named(name).orElseThrow();
    }

    private static ReplayResult replay(Path trace) {
        try (TraceReader reader = Traces.open(trace)) {
            assertThat(reader.check().isIntact()).isTrue();
            return Replay.run(reader, ReplayOptions.defaults());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aReplayOfJournalAndArchiveEndsInTheSameStateWithoutADivergence(String name) throws IOException {
        Path journal = folder.resolve("journal");
        Recorded recorded;
        try (JournalWriter writer = JournalWriter.create(journal)) {
            recorded = ScenarioRecorder.record(scenario(name), SEED, writer);
        }
        assertThat(recorded.notModelled()).isZero();
        assertThat(recorded.notRecorded())
                .as("first at %x", recorded.firstNotRecorded())
                .isZero();
        ReplayResult replayed = replay(journal);
        assertThat(replayed.observations().divergences())
                .as("%s", replayed.firstDivergences())
                .isZero();
        assertThat(replayed.observations().matched()).isPositive();
        assertThat(Long.parseUnsignedLong(replayed.stateHash(), 16)).isEqualTo(recorded.stateHash());
        assertThat(replayed.events()).isEqualTo(recorded.events());
        assertThat(replayed.fidelity()).isEqualTo("full");
        assertThat(replayed.ended()).isTrue();
        assertThat(replayed.notModelled()).isEmpty();

        Path sealed = folder.resolve("sealed.iorw");
        try (TraceReader reader = Traces.open(journal)) {
            Sealer.seal(reader, sealed, Progress.NONE);
        }
        Path archive = folder.resolve("archive.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(archive)) {
            ScenarioRecorder.record(scenario(name), SEED, writer);
        }
        assertThat(replay(sealed).stateHash()).isEqualTo(replayed.stateHash());
        assertThat(Files.mismatch(sealed, archive))
                .as("the same seed gives the same bytes")
                .isEqualTo(-1);
    }

    /** Software cannot tell whether it is recorded. */
    @ParameterizedTest
    @MethodSource("names")
    void theStoryRunsOnAMachineThatNobodyRecords(String name) {
        PlainMachine machine = new PlainMachine();
        scenario(name).work().run(machine, SEED);
        assertThat(machine.iommu(0).options().extendedFeatures()).isNotZero();
    }

    @Test
    void namesAreUniqueAndPlain() {
        assertThat(names()).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9-]{3,40}"));
        assertThat(Scenarios.list())
                .allMatch(scenario ->
                        scenario.story().endsWith(".") && !scenario.tags().isEmpty());
        assertThat(Scenarios.named("no-such-story")).isEmpty();
    }
}
