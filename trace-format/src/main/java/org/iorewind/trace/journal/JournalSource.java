package org.iorewind.trace.journal;

import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.block.BlockFrames;
import org.iorewind.trace.block.BlockHeader;
import org.iorewind.trace.block.BlockSource;

/** The blocks of a journal for one cursor: those in the queue, and those in {@code open-blocks}. */
final class JournalSource implements BlockSource {
    private static final String NEXT_STEP = "events before and behind stay readable; 'iorewind check' lists all damage";
    private static final int NONE = -1;

    private final String file;
    private final QueueFile queue;
    private final JournalIndex index;
    private final List<JournalIndex.Entry> entries;
    private final long high;
    private final long low;
    private final UnsafeBuffer staged = new UnsafeBuffer(0, 0);
    private final BlockFrames frames = new BlockFrames();
    private int payloadLength;
    /** The block that was verified last: the one behind it need not verify it again to trust the chain. */
    private int verified = NONE;

    JournalSource(String file, QueueFile queue, JournalIndex index, long high, long low) {
        this.file = file;
        this.queue = queue;
        this.index = index;
        this.entries = index.entries();
        this.high = high;
        this.low = low;
    }

    @Override
    public String file() {
        return file;
    }

    @Override
    public int blocks() {
        return entries.size();
    }

    @Override
    public long firstSequence(int block) {
        return entries.get(block).firstSequence();
    }

    @Override
    public int count(int block) {
        return entries.get(block).count();
    }

    @Override
    public String place(int block) {
        JournalIndex.Entry entry = entries.get(block);
        JournalScan.Block queued = entry.queued();
        String events = " (events " + entry.firstSequence() + " to " + (entry.endSequence() - 1) + ")";
        return queued == null
                ? StagingDescriptor.NAME + events
                : "block " + queued.number() + events + " at offset " + queued.position();
    }

    @Override
    public DirectBuffer load(int block) {
        payloadLength = 0;
        JournalScan.Block queued = entries.get(block).queued();
        if (queued == null) {
            staged.wrap(entries.get(block).staged().frames());
            payloadLength = staged.capacity();
            return staged;
        }
        BlockHeader header = read(block, queued);
        int trusted = verified;
        if (trusted != block - 1 && trusted != block) {
            // Reading the block before overwrites the buffer.
            checkChain(block, header.previousChecksum());
            header = read(block, queued);
        } else if (trusted == block - 1 && !followsBlockBefore(block, header.previousChecksum())) {
            throw brokenChain(block, header.previousChecksum());
        }
        verified = block;
        DirectBuffer loaded = frames.of(queue.bytes(), header, file, place(block));
        payloadLength = frames.length();
        return loaded;
    }

    /** Reads the block into the buffer and verifies it by itself. */
    private BlockHeader read(int block, JournalScan.Block at) {
        String place = place(block);
        BlockHeader header = queue.readBlock(at.position(), at.length(), place);
        header.verify(queue.bytes(), high, low, file, place);
        if (!header.equals(at.header())) {
            throw new CorruptTraceException(file, place, "the block seen before", "another one", NEXT_STEP);
        }
        return header;
    }

    /**
     * The block must name the checksum of the block before. If that one is damaged itself, nothing follows from it for
     * this one.
     */
    private void checkChain(int block, int previousChecksum) {
        if (followsBlockBefore(block, previousChecksum)) {
            return;
        }
        JournalScan.Block before = block == 0 ? null : entries.get(block - 1).queued();
        if (before != null && JournalScan.isDamaged(queue, before, high, low, e -> {})) {
            return;
        }
        throw brokenChain(block, previousChecksum);
    }

    private boolean followsBlockBefore(int block, int previousChecksum) {
        if (block == 0) {
            return previousChecksum == 0 || firstSequence(0) > 0;
        }
        JournalScan.Block before = entries.get(block - 1).queued();
        return before == null
                || before.header().checksum() == previousChecksum
                || before.header().endSequence() != firstSequence(block);
    }

    private CorruptTraceException brokenChain(int block, int previousChecksum) {
        JournalScan.Block before = block == 0 ? null : entries.get(block - 1).queued();
        int expected = before == null ? 0 : before.header().checksum();
        return new CorruptTraceException(
                file,
                place(block),
                "to follow the block with checksum 0x" + Integer.toHexString(expected),
                "one that follows 0x" + Integer.toHexString(previousChecksum),
                NEXT_STEP);
    }

    @Override
    public boolean areFramesSound() {
        return false;
    }

    @Override
    public int payloadLength() {
        return payloadLength;
    }

    @Override
    public void checkEnd() {
        Damage end = index.endDamage();
        if (end == null) {
            return;
        }
        throw new CorruptTraceException(file, end.place(), end.expected(), end.found(), NEXT_STEP);
    }

    @Override
    public void close() {
        queue.close();
    }
}
