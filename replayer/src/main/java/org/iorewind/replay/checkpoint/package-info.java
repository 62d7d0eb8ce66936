/**
 * Checkpoints: the whole state of a replay at one event, kept so that a replay may begin there.
 *
 * <pre>
 *            replay ──▶ Checkpoint.take          every so many events, see Spacing
 *                            │
 *   CheckpointStore ◀────────┘      in memory, least recently used out
 *        │  ▲
 *        ▼  │  CheckpointCodec      pages changed since the one before; each 16th has all of them
 *   CheckpointShelf
 *        ├── CheckpointFile         TRACE.checkpoints beside a trace: a cache, rebuilt when it does not fit
 *        └── ArchivedCheckpoints    inside a sealed archive
 * </pre>
 *
 * <p>A checkpoint is never needed for a result: what is missing, damaged, or of another model or other options is left out,
 * and the replay begins earlier.
 */
@NullMarked
package org.iorewind.replay.checkpoint;

import org.jspecify.annotations.NullMarked;
