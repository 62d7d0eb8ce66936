package org.iorewind.replay.checkpoint;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.archive.ArchiveReader;
import org.iorewind.trace.archive.CheckpointEntry;
import org.jspecify.annotations.Nullable;

/** The checkpoints inside a sealed archive that fit; nothing is ever added. */
final class ArchivedCheckpoints implements CheckpointShelf {
    private final ArchiveReader archive;
    private final SortedMap<Long, CheckpointEntry> entries = new TreeMap<>();

    ArchivedCheckpoints(ArchiveReader archive, CheckpointKey key) {
        this.archive = archive;
        for (CheckpointEntry entry : archive.checkpoints()) {
            if (entry.modelVersion() == key.modelVersion() && entry.optionsHash() == key.optionsHash()) {
                entries.put(entry.sequence(), entry);
            }
        }
    }

    @Override
    public SortedSet<Long> sequences() {
        return new TreeSet<>(entries.keySet());
    }

    @Override
    public byte @Nullable [] read(long next) {
        CheckpointEntry entry = entries.get(next);
        try {
            return entry == null ? null : archive.read(entry);
        } catch (TraceFormatException e) {
            return null;
        }
    }

    @Override
    public boolean write(long next, byte[] bytes) {
        return false;
    }

    @Override
    public void close() {}
}
