package org.iorewind.trace.journal;

import java.util.List;
import org.iorewind.trace.IntegrityReport.Damage;

/**
 * What {@code open-blocks} held at one moment. The writer may be alive or dead.
 *
 * @param blocks that are whole, or whose records are up to the first bad one; ascending by sequence number
 * @param damages what cannot be trusted
 * @param closedEvents number of events of a journal that was closed in order, or -1
 * @param durableEvents number of events that were promised to be on the disk
 * @param boot the run of the kernel that it was written in
 * @param tailKnown whether every slot could be told: if not, events may have been behind those that are here
 * @param neverUsed numbers of the slots that look as if no block had ever been in them; ascending
 * @param moved whether the writer went on while the copy was taken: then later blocks may be there without the end of
 *     earlier ones
 */
record StagedBlocks(
        List<StagedBlock> blocks,
        List<Damage> damages,
        long closedEvents,
        long durableEvents,
        BootIdentity boot,
        boolean tailKnown,
        List<Integer> neverUsed,
        boolean moved) {
    StagedBlocks {
        blocks = List.copyOf(blocks);
        damages = List.copyOf(damages);
        neverUsed = List.copyOf(neverUsed);
    }

    /**
     * The events of one slot.
     *
     * @param firstSequence sequence number of its first event
     * @param count of events
     * @param frames of all of them, one behind the other
     */
    record StagedBlock(long firstSequence, int count, byte[] frames) {
        long endSequence() {
            return firstSequence + count;
        }
    }

    boolean isClosed() {
        return closedEvents >= 0;
    }

    /** Sequence number behind the last event that is known to have existed; 0 if nothing is known. */
    long knownEnd() {
        long end = Math.max(Math.max(closedEvents, 0), durableEvents);
        for (StagedBlock block : blocks) {
            end = Math.max(end, block.endSequence());
        }
        return end;
    }

    /** Sequence number of the first event in the slots: all events before it must be in the queue; -1 if there is none. */
    long firstStaged() {
        return blocks.isEmpty() ? -1 : blocks.get(0).firstSequence();
    }

    /**
     * Whether nothing speaks for more blocks than these since the first of them: they follow each other, and a slot that was
     * never used comes behind all that were, in a journal that has not been round once. While the writer goes on nobody can tell.
     */
    boolean isComplete() {
        boolean follow = tailKnown;
        for (int i = 1; i < blocks.size(); i++) {
            follow &= blocks.get(i).firstSequence() == blocks.get(i - 1).endSequence();
        }
        boolean firstRound = firstStaged() <= 0
                && blocks.size() + neverUsed.size() == StagingDescriptor.SLOTS
                && neverUsed.stream().allMatch(slot -> slot >= blocks.size());
        return moved || follow && (neverUsed.isEmpty() || firstRound);
    }
}
