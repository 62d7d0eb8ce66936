package org.iorewind.trace.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.journal.StagedBlocks.StagedBlock;
import org.jspecify.annotations.Nullable;

/**
 * Which events a journal has, and where each lies: in the queue, or in {@code open-blocks}. Blocks of which both have a copy
 * are read from the queue, unless that copy is damaged: then from the slot, even if that has only the first events of the
 * block. Such a slot is what a loss of power leaves of a block that was open when the durable mark moved, and was written to
 * the queue since: the disk may have the old slot, and pages here and there of the queue.
 *
 * @param entries ascending by sequence number
 * @param damages in the order of their places
 * @param staged what {@code open-blocks} held
 * @param endDamage why events behind the last entry are known or feared to be missing, or null
 */
record JournalIndex(
        List<Entry> entries,
        List<Damage> damages,
        StagedBlocks staged,
        @Nullable Damage endDamage) {
    /** The events of one block: either in the queue or in {@code open-blocks}. */
    record Entry(
            JournalScan.@Nullable Block queued, @Nullable StagedBlock staged) {
        long firstSequence() {
            return queued != null ? queued.header().firstSequence() : staged().firstSequence();
        }

        @Override
        public StagedBlock staged() {
            if (staged == null) {
                throw new IllegalStateException("in the queue: " + queued);
            }
            return staged;
        }

        int count() {
            return queued != null ? queued.header().count() : staged().count();
        }

        long endSequence() {
            return firstSequence() + count();
        }
    }

    /** Looks at both files: first at the slots, so that the queue has what is not in them any more. */
    static JournalIndex read(Path directory, QueueFile queue, JournalMarker marker) {
        long high = marker.high();
        long low = marker.low();
        StagedBlocks staged = StagingReader.read(directory, marker);
        JournalScan.Result scan = JournalScan.run(queue, high, low, staged.firstStaged(), staged.isComplete());
        boolean openBlocksAreOld = scan.end() > staged.knownEnd()
                && StagingReader.read(directory, marker).knownEnd() < scan.end();
        return new Merge(directory, queue, staged, scan, high, low).merge(openBlocksAreOld);
    }

    private static final class Merge {
        private final Path directory;
        private final QueueFile queue;
        private final StagedBlocks staged;
        private final JournalScan.Result scan;
        private final long high;
        private final long low;
        private final List<Entry> entries = new ArrayList<>();
        private final List<Damage> damages = new ArrayList<>();

        Merge(Path directory, QueueFile queue, StagedBlocks staged, JournalScan.Result scan, long high, long low) {
            this.directory = directory;
            this.queue = queue;
            this.staged = staged;
            this.scan = scan;
            this.high = high;
            this.low = low;
        }

        JournalIndex merge(boolean openBlocksAreOld) {
            int used = 0;
            List<StagedBlock> copies = staged.blocks();
            for (JournalScan.Block block : scan.blocks()) {
                while (used < copies.size()
                        && copies.get(used).endSequence() <= block.header().firstSequence()) {
                    addIfNew(copies.get(used++));
                }
                boolean hasCopy = used < copies.size()
                        && copies.get(used).count() > 0
                        && copies.get(used).firstSequence() == block.header().firstSequence();
                if (hasCopy && isDamaged(block, copies.get(used))) {
                    addIfNew(copies.get(used++));
                } else {
                    entries.add(new Entry(block, null));
                }
            }
            long last = end();
            while (used < copies.size() && (!staged.moved() || copies.get(used).firstSequence() <= end())) {
                addIfNew(copies.get(used++));
            }
            List<Damage> copiesDamaged = List.copyOf(damages);
            damages.clear();
            staged.damages().forEach(damage -> damages.addAll(withoutWhatIsThere(damage)));
            damages.addAll(copiesDamaged);
            scan.damages().forEach(damage -> damages.addAll(withoutWhatIsThere(damage)));
            @Nullable Damage endDamage = endDamage(openBlocksAreOld, last);
            return new JournalIndex(List.copyOf(entries), List.copyOf(damages), staged, endDamage);
        }

        /**
         * Why events behind the last entry are known or feared to be missing. What is known of them is added to the damages, all of
         * it: that a slot cannot be read does not say which events are missing elsewhere.
         *
         * @param endOfQueue sequence number behind the last event that is in the queue
         */
        private @Nullable Damage endDamage(boolean openBlocksAreOld, long endOfQueue) {
            String openBlocks = directory.resolve(StagingDescriptor.NAME).toString();
            @Nullable Damage end = null;
            if (!staged.moved() && staged.knownEnd() > end()) {
                String expected = staged.knownEnd() + " events, " + staged.durableEvents() + " of them durable";
                boolean isCountKnown = staged.tailKnown() || staged.isClosed();
                long lost = isCountKnown ? staged.knownEnd() - 1 : -1;
                end = new Damage(openBlocks, expected, end() + " events", end(), lost);
                damages.add(end);
            } else if (!staged.tailKnown()) {
                end = damages.get(0);
            } else if (openBlocksAreOld) {
                String expected = "open blocks that reach event " + endOfQueue + " or further";
                String found = "open blocks that reach event " + staged.knownEnd();
                end = new Damage(openBlocks, expected, found, endOfQueue, -1);
                damages.add(end);
            }
            @Nullable Damage wiped = wipedSlot();
            if (wiped != null) {
                damages.add(wiped);
                end = end == null ? wiped : end;
            }
            return end != null
                    ? end
                    : damages.stream()
                            .filter(damage -> damage.lastSequenceMissing() >= end())
                            .findFirst()
                            .orElse(null);
        }

        /**
         * Blocks go into the slots in turn. A slot that looks as if none had ever been there, though it was its turn before that
         * of the youngest block in any slot, was overwritten, or never reached the disk; it may have held younger ones.
         */
        private @Nullable Damage wipedSlot() {
            long youngest = staged.blocks().stream()
                    .mapToLong(StagedBlock::firstSequence)
                    .max()
                    .orElse(0);
            long before = entries.stream()
                    .filter(entry -> entry.firstSequence() < youngest)
                    .count();
            for (int slot : staged.neverUsed()) {
                if (slot <= before) {
                    String where = directory.resolve(StagingDescriptor.NAME) + ": slot " + slot;
                    return new Damage(where, "the state of a slot that was used", "zeros", end(), -1);
                }
            }
            return null;
        }

        private long end() {
            return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).endSequence();
        }

        private void addIfNew(StagedBlock block) {
            if (block.count() > 0 && block.firstSequence() >= end()) {
                entries.add(new Entry(null, block));
            }
        }

        private boolean isDamaged(JournalScan.Block block, StagedBlock copy) {
            return JournalScan.isDamaged(queue, block, high, low, e -> {
                String events = copy.count() == block.header().count() ? "its" : "its first " + copy.count();
                String found = e.found() + "; " + events + " events are in " + StagingDescriptor.NAME;
                damages.add(new Damage(queue.file() + ": " + block.place(), e.expected(), found, -1, -1));
            });
        }

        /**
         * What one of the two has lost and the other one still has is damage, but those events are not missing. If other events
         * are missing before and behind them, there is one of it for each such range.
         */
        private List<Damage> withoutWhatIsThere(Damage damage) {
            List<Damage> parts = new ArrayList<>();
            boolean isEndKnown = damage.lastSequenceMissing() >= 0;
            long last = isEndKnown ? damage.lastSequenceMissing() : Long.MAX_VALUE;
            long next = damage.firstSequenceMissing() < 0 ? Long.MAX_VALUE : damage.firstSequenceMissing();
            for (Entry entry : entries) {
                if (next > last || entry.firstSequence() > last) {
                    break;
                }
                if (entry.endSequence() > next) {
                    if (entry.firstSequence() > next) {
                        parts.add(missing(damage, next, entry.firstSequence() - 1));
                    }
                    // Where a damage ends that does not know it: with what follows.
                    next = isEndKnown ? entry.endSequence() : Long.MAX_VALUE;
                }
            }
            if (next <= last && next != Long.MAX_VALUE) {
                parts.add(missing(damage, next, damage.lastSequenceMissing()));
            }
            return parts.isEmpty() ? List.of(missing(damage, -1, -1)) : parts;
        }

        private static Damage missing(Damage damage, long first, long last) {
            return new Damage(damage.place(), damage.expected(), damage.found(), first, last);
        }
    }
}
