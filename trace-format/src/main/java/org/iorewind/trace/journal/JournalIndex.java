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
        JournalScan.Result scan = JournalScan.run(queue, high, low, staged.firstStaged());
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
            damages.addAll(staged.damages());
            String openBlocks = directory.resolve(StagingDescriptor.NAME).toString();
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
            scan.damages().forEach(damage -> damages.add(withoutWhatIsThere(damage)));
            @Nullable Damage endDamage = null;
            @Nullable Damage wiped = wipedSlot();
            if (!staged.tailKnown()) {
                endDamage = staged.damages().get(0);
            } else if (openBlocksAreOld) {
                String expected = "open blocks that reach event " + last + " or further";
                String found = "open blocks that reach event " + staged.knownEnd();
                endDamage = new Damage(openBlocks, expected, found, last, -1);
                damages.add(endDamage);
            } else if (!staged.moved() && staged.knownEnd() > end()) {
                String expected = staged.knownEnd() + " events, " + staged.durableEvents() + " of them durable";
                endDamage = new Damage(openBlocks, expected, end() + " events", end(), staged.knownEnd() - 1);
                damages.add(endDamage);
            } else if (wiped != null) {
                endDamage = wiped;
                damages.add(wiped);
            } else {
                endDamage = damages.stream()
                        .filter(damage -> damage.lastSequenceMissing() >= end())
                        .findFirst()
                        .orElse(null);
            }
            return new JournalIndex(List.copyOf(entries), List.copyOf(damages), staged, endDamage);
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

        /** What the queue has lost and {@code open-blocks} still has is damage, but those events are not missing. */
        private Damage withoutWhatIsThere(Damage damage) {
            long next = damage.firstSequenceMissing();
            if (next < 0) {
                return damage;
            }
            for (Entry entry : entries) {
                if (entry.firstSequence() <= next && next < entry.endSequence()) {
                    next = entry.endSequence();
                }
            }
            boolean isAnyMissing = next <= damage.lastSequenceMissing();
            long last = isAnyMissing ? damage.lastSequenceMissing() : -1;
            return new Damage(damage.place(), damage.expected(), damage.found(), isAnyMissing ? next : -1, last);
        }
    }
}
