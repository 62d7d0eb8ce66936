package org.iorewind.trace.journal;

import java.util.List;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.BlockHeader;
import org.iorewind.trace.block.BlockSource;

/** The blocks of a journal for one cursor: those in the queue, and the open block as the last one. */
final class JournalSource implements BlockSource {
    private static final String NEXT_STEP = "events before and behind stay readable; 'iorewind check' lists all damage";
    private static final int NONE = -1;

    private final String file;
    private final ExcerptTailer tailer;
    private final List<JournalScan.Block> blocks;
    private final OpenBlock openBlock;
    private final long high;
    private final long low;
    private final JournalScan.BlockBuffer buffer;
    private final UnsafeBuffer frames = new UnsafeBuffer(0, 0);
    private int payloadLength;
    /** The block that was verified last: the one behind it need not verify it again to trust the chain. */
    private int verified = NONE;

    JournalSource(
            String file,
            ExcerptTailer tailer,
            List<JournalScan.Block> blocks,
            OpenBlock openBlock,
            long high,
            long low) {
        this.file = file;
        this.tailer = tailer;
        this.blocks = blocks;
        this.openBlock = openBlock;
        this.high = high;
        this.low = low;
        this.buffer = new JournalScan.BlockBuffer(file);
    }

    @Override
    public String file() {
        return file;
    }

    @Override
    public int blocks() {
        return openBlock.count() > 0 ? blocks.size() + 1 : blocks.size();
    }

    private boolean isOpenBlock(int block) {
        return block == blocks.size();
    }

    @Override
    public long firstSequence(int block) {
        return isOpenBlock(block)
                ? openBlock.firstSequence()
                : blocks.get(block).header().firstSequence();
    }

    @Override
    public int count(int block) {
        return isOpenBlock(block)
                ? openBlock.count()
                : blocks.get(block).header().count();
    }

    @Override
    public String place(int block) {
        String name = isOpenBlock(block)
                ? JournalDescriptor.OPEN_BLOCK_NAME
                : "block " + blocks.get(block).number();
        long first = firstSequence(block);
        return name + " (events " + first + " to " + (first + count(block) - 1) + ")";
    }

    @Override
    public DirectBuffer load(int block) {
        payloadLength = 0;
        if (isOpenBlock(block)) {
            checkChain(block, openBlock.previousChecksum());
            payloadLength = openBlock.frames().length;
            frames.wrap(openBlock.frames());
            return frames;
        }
        BlockHeader header = read(block);
        int trusted = verified;
        if (trusted != block - 1 && trusted != block) {
            // Reading the block before overwrites the buffer.
            checkChain(block, header.previousChecksum());
            header = read(block);
        } else if (trusted == block - 1 && !followsBlockBefore(block, header.previousChecksum())) {
            throw brokenChain(block, header.previousChecksum());
        }
        verified = block;
        payloadLength = header.payloadLength();
        frames.wrap(buffer.bytes(), BlockDescriptor.HEADER_LENGTH, payloadLength);
        return frames;
    }

    /** Reads the block into the buffer and verifies it by itself. */
    private BlockHeader read(int block) {
        JournalScan.Block at = blocks.get(block);
        String place = place(block);
        try {
            if (!tailer.moveToIndex(at.excerpt())) {
                throw new CorruptTraceException(file, place, "an excerpt in the queue", "none", NEXT_STEP);
            }
            try (DocumentContext document = tailer.readingDocument()) {
                if (!document.isPresent()) {
                    throw new CorruptTraceException(file, place, "an excerpt in the queue", "none", NEXT_STEP);
                }
                BlockHeader header = buffer.copy(document.wire().bytes(), place);
                header.verify(buffer.bytes(), high, low, file, place);
                if (!header.equals(at.header())) {
                    throw new CorruptTraceException(file, place, "the block seen before", "another one", NEXT_STEP);
                }
                return header;
            }
        } catch (TraceFormatException e) {
            throw e;
        } catch (Exception | InternalError | AssertionError | LinkageError e) {
            throw new CorruptTraceException(file, place, "a readable block", BlockQueue.words(e), NEXT_STEP, e);
        }
    }

    /**
     * The block must name the checksum of the block before. If that one is damaged itself, nothing follows from it for
     * this one.
     */
    private void checkChain(int block, int previousChecksum) {
        if (followsBlockBefore(block, previousChecksum)) {
            return;
        }
        if (block > 0 && isDamaged(block - 1)) {
            return;
        }
        throw brokenChain(block, previousChecksum);
    }

    private boolean isDamaged(int block) {
        try {
            read(block);
            return false;
        } catch (TraceFormatException e) {
            return true;
        }
    }

    private boolean followsBlockBefore(int block, int previousChecksum) {
        if (block == 0) {
            return previousChecksum == 0 || firstSequence(0) > 0;
        }
        BlockHeader before = blocks.get(block - 1).header();
        return before.checksum() == previousChecksum || before.endSequence() != firstSequence(block);
    }

    private CorruptTraceException brokenChain(int block, int previousChecksum) {
        int expected = block == 0 ? 0 : blocks.get(block - 1).header().checksum();
        return new CorruptTraceException(
                file,
                place(block),
                "to follow the block with checksum 0x" + Integer.toHexString(expected),
                "one that follows 0x" + Integer.toHexString(previousChecksum),
                NEXT_STEP);
    }

    @Override
    public int payloadLength() {
        return payloadLength;
    }

    @Override
    public void checkEnd() {
        if (openBlock.isBeingCleared() || openBlock.count() > 0) {
            // Nobody knows the number of events, or the open block has shown a gap before it by its first event.
            return;
        }
        int last = blocks.size() - 1;
        long inQueue = last < 0 ? 0 : blocks.get(last).header().endSequence();
        if (inQueue != openBlock.firstSequence()) {
            String expected = "events up to " + (openBlock.firstSequence() - 1) + " in the queue";
            throw new CorruptTraceException(file, "queue", expected, "events up to " + (inQueue - 1), NEXT_STEP);
        }
    }

    @Override
    public void close() {
        tailer.close();
    }
}
