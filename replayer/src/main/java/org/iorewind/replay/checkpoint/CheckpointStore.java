package org.iorewind.replay.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.iorewind.model.StateImageException;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.archive.ArchiveReader;
import org.jspecify.annotations.Nullable;

/**
 * All checkpoints of one recording under the same options: some in memory, within a bound, the others on a shelf. Those that
 * no shelf takes are thinned out when memory is full, every second one. Thread-safe.
 */
public final class CheckpointStore implements AutoCloseable {
    /** Usual bound of what is kept in memory: 96 MiB. */
    public static final long USUAL_MEMORY_BYTES = 96L << 20;
    /** Usual bound of a cache on disk: 1 GiB. */
    public static final long USUAL_DISK_BYTES = 1L << 30;

    /** Each so many checkpoints one has all pages, so that a chain of changes stays short. */
    private static final int FULL_EVERY = 16;
    /** Longest chain that is followed; ours are shorter. */
    private static final int MOST_BASES = 64;

    private static final int PAGE_BYTES = 4800;
    private static final Counts UNKNOWN = new Counts(-1, 0, 0, 0, Map.of());

    private final CheckpointShelf shelf;
    private final long memoryBytes;
    private final NavigableMap<Long, Counts> known = new TreeMap<>();
    private final Map<Long, Checkpoint> inMemory = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Long, Long> weights = new TreeMap<>();
    private @Nullable Checkpoint lastShelved;
    private int sinceFull;
    private long usedBytes;

    private CheckpointStore(CheckpointShelf shelf, long memoryBytes) {
        this.shelf = shelf;
        this.memoryBytes = memoryBytes;
        for (long next : shelf.sequences()) {
            known.put(next, UNKNOWN);
        }
    }

    /** Checkpoints in memory only. */
    public static CheckpointStore inMemory(long memoryBytes) {
        return new CheckpointStore(CheckpointShelf.NONE, memoryBytes);
    }

    /**
     * The checkpoints of a trace: those inside an archive that has some that fit, else those in the cache beside the trace,
     * which is made if need be and possible.
     *
     * @param trace of which they are; stays open, and open longer than the store
     * @param options that the replay runs with
     */
    public static CheckpointStore of(TraceReader trace, ReplayOptions options) {
        Path cache = CheckpointFile.beside(trace.path());
        return of(trace, options, key -> CheckpointFile.open(cache, key, USUAL_DISK_BYTES));
    }

    /** The same, for who only reads: a cache is used if there is one, and stays as it is. */
    public static CheckpointStore existing(TraceReader trace, ReplayOptions options) {
        Path cache = CheckpointFile.beside(trace.path());
        return of(trace, options, key -> CheckpointFile.existing(cache, key));
    }

    private static CheckpointStore of(
            TraceReader trace, ReplayOptions options, Function<CheckpointKey, CheckpointShelf> cache) {
        CheckpointKey key = CheckpointKey.of(trace.session(), options);
        if (trace instanceof ArchiveReader archive) {
            CheckpointShelf archived = new ArchivedCheckpoints(archive, key);
            if (!archived.sequences().isEmpty()) {
                return new CheckpointStore(archived, USUAL_MEMORY_BYTES);
            }
        }
        return new CheckpointStore(cache.apply(key), USUAL_MEMORY_BYTES);
    }

    /**
     * Brings a replay to a checkpoint, or to an earlier one if that one does not fit, which is forgotten then.
     *
     * @param origin the same replay before its first event
     * @return how many events are handled there
     */
    public long restore(Playback playback, Checkpoint checkpoint, Checkpoint origin) {
        Checkpoint candidate = checkpoint;
        while (!fits(playback, candidate)) {
            discard(candidate.next());
            Checkpoint earlier = floor(candidate.next() - 1);
            candidate = earlier == null ? origin : earlier;
        }
        return candidate.next();
    }

    private static boolean fits(Playback playback, Checkpoint checkpoint) {
        try {
            checkpoint.restore(playback);
            return playback.events() == checkpoint.next();
        } catch (StateImageException | TraceFormatException | IllegalArgumentException e) {
            if (checkpoint.next() == 0) {
                throw e;
            }
            return false;
        }
    }

    /** Keeps a checkpoint; one of the same event that is there already stays. */
    public synchronized void add(Checkpoint checkpoint) {
        long next = checkpoint.next();
        if (known.containsKey(next)) {
            return;
        }
        shelve(checkpoint);
        known.put(next, checkpoint.counts());
        remember(checkpoint);
    }

    private void shelve(Checkpoint checkpoint) {
        Checkpoint before = lastShelved;
        boolean isFull = before == null || before.next() > checkpoint.next() || sinceFull >= FULL_EVERY - 1;
        byte[] bytes = shelf.isTaking() ? encode(checkpoint, isFull ? null : before) : null;
        if (bytes != null && shelf.write(checkpoint.next(), bytes)) {
            lastShelved = checkpoint;
            sinceFull = isFull ? 0 : sinceFull + 1;
        }
    }

    private static byte @Nullable [] encode(Checkpoint checkpoint, @Nullable Checkpoint base) {
        try {
            return CheckpointCodec.encode(checkpoint, base);
        } catch (ArithmeticException | NegativeArraySizeException e) {
            return null;
        }
    }

    private void remember(Checkpoint checkpoint) {
        Map.Entry<Long, Checkpoint> neighbour = null;
        for (Map.Entry<Long, Checkpoint> entry : inMemory.entrySet()) {
            neighbour = entry;
        }
        int pages = neighbour == null ? checkpoint.pages() : checkpoint.changedPages(neighbour.getValue());
        long weight = checkpoint.stateBytes() + (long) PAGE_BYTES * pages;
        inMemory.put(checkpoint.next(), checkpoint);
        weights.put(checkpoint.next(), weight);
        usedBytes += weight;
        if (usedBytes > memoryBytes) {
            makeRoom(checkpoint.next());
        }
    }

    /** Those on the shelf go first, the least recently used before others; then every second of the rest. */
    private void makeRoom(long kept) {
        SortedSet<Long> shelved = shelf.sequences();
        Iterator<Long> oldest = List.copyOf(inMemory.keySet()).iterator();
        while (usedBytes > memoryBytes / 2 && oldest.hasNext()) {
            long next = oldest.next();
            if (next != kept && shelved.contains(next)) {
                forget(next);
            }
        }
        int before = Integer.MAX_VALUE;
        while (usedBytes > memoryBytes && inMemory.size() < before) {
            before = inMemory.size();
            thinOut(kept, shelved);
        }
    }

    private void thinOut(long kept, SortedSet<Long> shelved) {
        boolean isSecond = true;
        for (long next : new ArrayList<>(weights.keySet())) {
            if (isSecond && next != kept) {
                forget(next);
                if (!shelved.contains(next)) {
                    known.remove(next);
                }
            }
            isSecond = !isSecond;
        }
    }

    private void forget(long next) {
        inMemory.remove(next);
        Long weight = weights.remove(next);
        usedBytes -= weight == null ? 0 : weight;
    }

    /** The last checkpoint before or at an event: at most so many events were handled. Null if there is none. */
    public synchronized @Nullable Checkpoint floor(long next) {
        for (Long at = known.floorKey(next); at != null; at = known.floorKey(next)) {
            Checkpoint found = load(at);
            if (found != null) {
                return found;
            }
            known.remove(at);
        }
        return null;
    }

    /**
     * The last checkpoint whose counts pass a test that all earlier ones pass too. Null if none does.
     *
     * @param test true up to some event, and false from then on
     */
    public synchronized @Nullable Checkpoint last(Predicate<Counts> test) {
        List<Long> all = new ArrayList<>(known.keySet());
        int low = 0;
        int high = all.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Counts counts = counts(all.get(middle));
            if (counts != null && test.test(counts)) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? null : floor(all.get(high));
    }

    private @Nullable Counts counts(long next) {
        Counts counts = known.get(next);
        if (counts == null || counts.next() >= 0) {
            return counts;
        }
        Checkpoint loaded = load(next);
        return loaded == null ? null : loaded.counts();
    }

    /** From memory, or from the shelf with all that it is a change of. */
    private @Nullable Checkpoint load(long next) {
        return load(next, 0);
    }

    private @Nullable Checkpoint load(long next, int depth) {
        Checkpoint found = inMemory.get(next);
        if (found != null) {
            return found;
        }
        byte[] bytes = depth > MOST_BASES ? null : shelf.read(next);
        if (bytes == null) {
            return null;
        }
        try {
            Checkpoint decoded = CheckpointCodec.decode(bytes, base -> load(base, depth + 1));
            if (decoded.next() != next) {
                return null;
            }
            known.put(next, decoded.counts());
            remember(decoded);
            return decoded;
        } catch (StateImageException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Leaves out a checkpoint that turned out not to fit. */
    public synchronized void discard(long next) {
        forget(next);
        known.remove(next);
    }

    /** Sequence numbers of the events before which there are checkpoints, ascending. */
    public synchronized List<Long> sequences() {
        return List.copyOf(known.keySet());
    }

    /** Sequence number of the last checkpoint before or at an event; -1 if there is none. */
    public synchronized long floorSequence(long next) {
        Long found = known.floorKey(next);
        return found == null ? -1 : found;
    }

    /** Sequence number of the first checkpoint behind an event; {@link Long#MAX_VALUE} if there is none. */
    public synchronized long higherSequence(long next) {
        Long found = known.higherKey(next);
        return found == null ? Long.MAX_VALUE : found;
    }

    /** The last of all checkpoints, null if there is none. */
    public synchronized @Nullable Checkpoint last() {
        return floor(Long.MAX_VALUE);
    }

    @Override
    public synchronized void close() {
        shelf.close();
    }
}
