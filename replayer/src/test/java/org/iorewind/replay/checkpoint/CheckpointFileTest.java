package org.iorewind.replay.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.iorewind.replay.ModelOptions;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.travel.RandomSession;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.trace.TraceReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    @TempDir
    Path folder;

    private TraceReader trace;
    private Path cache;

    @BeforeEach
    void index() {
        Path file = folder.resolve("trace.iorw");
        trace = RandomSession.of(file, 11, 3000);
        cache = folder.resolve("trace.iorw.checkpoints");
        assertThat(run(ReplayOptions.defaults())).hasSizeGreaterThan(40);
    }

    @AfterEach
    void close() {
        trace.close();
    }

    /** Goes to the end, and says which checkpoints there are then. */
    private List<Long> run(ReplayOptions options) {
        try (CheckpointStore store = CheckpointStore.of(trace, options);
                ReplayCursor cursor = ReplayCursor.open(trace, options, store, Spacing.every(50))) {
            cursor.seekEnd();
            return store.sequences();
        }
    }

    private List<Long> found(ReplayOptions options) {
        try (CheckpointStore store = CheckpointStore.of(trace, options)) {
            return store.sequences();
        }
    }

    @Test
    void theNextSessionHasThem() {
        assertThat(found(ReplayOptions.defaults())).hasSizeGreaterThan(40);
        try (CheckpointStore store = CheckpointStore.of(trace, ReplayOptions.defaults());
                ReplayCursor cursor = ReplayCursor.open(trace, ReplayOptions.defaults(), store, Spacing.every(50));
                CheckpointStore none = CheckpointStore.inMemory(0);
                ReplayCursor other = ReplayCursor.open(trace, ReplayOptions.defaults(), none, Spacing.every(1 << 20))) {
            for (long at = 2000; at > 0; at -= 333) {
                cursor.seek(at);
                other.seek(at);
                assertThat(Checkpoint.take(cursor.playback()).isSameState(Checkpoint.take(other.playback())))
                        .isTrue();
            }
        }
    }

    @Test
    void otherOptionsMakeItAnew() {
        ReplayOptions larger = ReplayOptions.defaults().withModel(ModelOptions.of(List.of("iotlb.entries=16")));
        assertThat(found(larger)).isEmpty();
        assertThat(run(larger)).isNotEmpty();
        assertThat(found(ReplayOptions.defaults())).isEmpty();
    }

    @Test
    void whatIsCutOrDamagedIsLeftOut() throws IOException {
        List<Long> all = found(ReplayOptions.defaults());
        byte[] bytes = Files.readAllBytes(cache);
        Files.write(cache, Arrays.copyOf(bytes, bytes.length / 2));
        List<Long> left = found(ReplayOptions.defaults());
        assertThat(all).startsWith(left.toArray(new Long[0])).hasSizeGreaterThan(left.size());
        byte[] damaged = bytes.clone();
        for (int i = 1000; i < damaged.length; i += 400) {
            damaged[i] ^= 0x55;
        }
        Files.write(cache, damaged);
        theNextSessionHasTheSameStates();
    }

    private void theNextSessionHasTheSameStates() {
        try (CheckpointStore store = CheckpointStore.of(trace, ReplayOptions.defaults());
                ReplayCursor cursor = ReplayCursor.open(trace, ReplayOptions.defaults(), store, Spacing.every(50));
                CheckpointStore none = CheckpointStore.inMemory(0);
                ReplayCursor other = ReplayCursor.open(trace, ReplayOptions.defaults(), none, Spacing.every(1 << 20))) {
            cursor.seek(1500);
            other.seek(1500);
            assertThat(cursor.machine().stateHash()).isEqualTo(other.machine().stateHash());
        }
    }

    @Test
    void aFileOfAnotherKindIsLeftAlone() throws IOException {
        Files.writeString(cache, "shopping list", StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(run(ReplayOptions.defaults())).isNotEmpty();
        assertThat(cache).hasContent("shopping list");
    }

    @Test
    void whereNothingCanBeWrittenMemoryDoes() throws IOException {
        Files.delete(cache);
        Files.createDirectory(cache);
        assertThat(run(ReplayOptions.defaults())).isNotEmpty();
    }
}
