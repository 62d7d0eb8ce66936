package org.iorewind.replay.checkpoint;

import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A place outside of memory where encoded checkpoints of one {@link CheckpointKey} lie. Used by one thread at a time. */
interface CheckpointShelf extends AutoCloseable {
    /** A place for nothing. */
    CheckpointShelf NONE = new CheckpointShelf() {
        @Override
        public SortedSet<Long> sequences() {
            return new java.util.TreeSet<>();
        }

        @Override
        public byte @Nullable [] read(long next) {
            return null;
        }

        @Override
        public boolean write(long next, byte[] bytes) {
            return false;
        }

        @Override
        public void close() {}
    };

    /** Sequence numbers of the events before which there are checkpoints. */
    SortedSet<Long> sequences();

    /** The bytes of a checkpoint; null if there is none, or a byte of it cannot be trusted. */
    byte @Nullable [] read(long next);

    /** Whether it is worth the work to encode a checkpoint for {@link #write}. */
    default boolean isTaking() {
        return false;
    }

    /** Keeps a checkpoint; false if this place takes none, or none any more. */
    boolean write(long next, byte[] bytes);

    @Override
    void close();
}
