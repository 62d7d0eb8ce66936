package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.BlockHeader;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the headers of all blocks in the queue. Where an excerpt is not the block that must come next, the pass
 * looks for the next good one by its magic, sequence number and checksum, names what is missing in between, and goes on. Should
 * what is missing turn up behind, among what was overwritten by other blocks, it is put where it belongs.
 */
final class JournalScan {
    private static final int WINDOW = 1 << 20;

    private final QueueFile queue;
    private final long high;
    private final long low;
    private final long required;
    private final boolean isEndFollowed;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private long next;
    /** Events of all blocks that were placed; less than {@code next} while there is a hole. */
    private long placed;

    /** Where the last block that was placed ends. */
    private long goodEnd;

    private int number;

    private JournalScan(QueueFile queue, long high, long low, long required, boolean isEndFollowed) {
        this.queue = queue;
        this.high = high;
        this.low = low;
        this.required = required;
        this.isEndFollowed = isEndFollowed;
    }

    /**
     * A block that is where it should be.
     *
     * @param position of its first byte in the data file
     * @param length in bytes
     * @param number its number among all blocks met, for messages
     * @param header as read; not yet verified against the frames
     */
    record Block(long position, int length, int number, BlockHeader header) {
        String place() {
            return "block " + number + " at offset " + position;
        }
    }

    /**
     * What the pass found.
     *
     * @param blocks in the order of their sequence numbers
     * @param damages in the order of their places
     * @param end sequence number behind the last block
     */
    record Result(List<Block> blocks, List<Damage> damages, long end) {}

    /**
     * Runs the pass.
     *
     * @param required so many events must be in the queue
     * @param isEndFollowed whether what follows behind the last block is known to be elsewhere; if not, blocks are searched for up to
     *     the end of the file
     */
    static Result run(QueueFile queue, long high, long low, long required, boolean isEndFollowed) {
        return new JournalScan(queue, high, low, required, isEndFollowed).run();
    }

    private Result run() {
        long at = walk(0);
        while (at >= 0 && (next < required || placed < next || !isEndFollowed || isLastDamaged())) {
            // Where an excerpt ends nothing but its first word says, and that may have led astray.
            at = resynchronise(goodEnd);
            at = at < 0 ? at : walk(at);
        }
        return new Result(blocks, damages, next);
    }

    /**
     * Goes from excerpt to excerpt.
     *
     * @return where there is no more, or -1 if there is no more block anywhere
     */
    private long walk(long from) {
        long at = from;
        long limit = queue.length();
        while (at < limit) {
            int excerpt = queue.excerpt(at);
            boolean isReady = QueueFile.isReady(excerpt);
            if (isReady && !QueueFile.isBlock(excerpt)) {
                at = QueueFile.behind(at, excerpt);
            } else if (isReady && place(at + QueueFile.EXCERPT_HEADER_LENGTH, excerpt)) {
                at = QueueFile.behind(at, excerpt);
                goodEnd = at;
            } else if (isReady) {
                at = resynchronise(at);
                if (at < 0) {
                    return at;
                }
            } else {
                return at;
            }
        }
        return at;
    }

    /** Takes the block in if it looks like the next one. */
    private boolean place(long position, int excerpt) {
        int length = QueueFile.contentLength(excerpt);
        Block block;
        try {
            block = new Block(position, length, number, queue.readHeader(position, length, "block " + number));
        } catch (TraceFormatException e) {
            return false;
        }
        BlockHeader header = block.header();
        if (header.firstSequence() != next || header.sessionHigh() != high || header.sessionLow() != low) {
            return false;
        }
        add(block);
        return true;
    }

    private void add(Block block) {
        blocks.add(block);
        number++;
        placed += block.header().count();
        next = block.header().endSequence();
    }

    /**
     * A block of which a later one was found first: it goes where it belongs, if nothing else is there, or a damaged copy of it
     * is.
     */
    private void putInPlace(Block block) {
        long first = block.header().firstSequence();
        int at = 0;
        while (at < blocks.size() && blocks.get(at).header().firstSequence() < first) {
            at++;
        }
        boolean isBehindOneBefore = at == 0 || blocks.get(at - 1).header().endSequence() <= first;
        if (!isBehindOneBefore || at == blocks.size()) {
            return;
        }
        Block there = blocks.get(at);
        if (block.header().endSequence() <= there.header().firstSequence()) {
            blocks.add(at, block);
            number++;
            placed += block.header().count();
        } else if (there.header().firstSequence() == first
                && there.header().count() == block.header().count()
                && isDamaged(there)) {
            blocks.set(at, block);
        }
    }

    /**
     * Finds the next good block behind the last one.
     *
     * @param at where something else stands than that
     * @return where to go on, or -1 if there is none
     */
    private long resynchronise(long at) {
        long end = Math.max(required, next);
        while (isLastDamaged()) {
            // A wrong count in the last header would put the block behind it out of place.
            Block last = blocks.remove(blocks.size() - 1);
            placed -= last.header().count();
            next = last.header().firstSequence();
            goodEnd = last.position() - QueueFile.EXCERPT_HEADER_LENGTH;
        }
        long expected = next;
        String first = problemAt(at);
        @Nullable Block found = search();
        if (found == null) {
            if (expected < end) {
                String place = queue.file() + ": offset " + goodEnd;
                damages.add(new Damage(place, "events up to " + (end - 1), first, expected, end - 1));
            }
            return -1;
        }
        long begin = found.header().firstSequence();
        damages.add(new Damage(
                queue.file() + ": offset " + goodEnd + " to " + (found.position() - 1),
                "event " + expected,
                first + ", then event " + begin,
                begin == expected ? -1 : expected,
                begin - 1 < expected ? -1 : begin - 1));
        add(found);
        goodEnd = QueueFile.aligned(found.position() + found.length());
        return goodEnd;
    }

    /** What stands where the next block should be, in words. */
    private String problemAt(long position) {
        int excerpt = queue.excerpt(position);
        if (!QueueFile.isReady(excerpt) || !QueueFile.isBlock(excerpt)) {
            return "no block";
        }
        try {
            int length = QueueFile.contentLength(excerpt);
            BlockHeader header = queue.readBlock(position + QueueFile.EXCERPT_HEADER_LENGTH, length, "");
            header.verify(queue.bytes(), high, low, queue.file(), "");
            return "event " + header.firstSequence();
        } catch (TraceFormatException e) {
            return e.found();
        }
    }

    private @Nullable Block search() {
        ByteBuffer window = ByteBuffer.allocate(WINDOW).order(LITTLE_ENDIAN);
        long from = goodEnd;
        while (true) {
            window.clear();
            int got = queue.read(window, from);
            for (int i = 0; i + BlockDescriptor.HEADER_LENGTH <= got; i += QueueFile.ALIGNMENT) {
                if (window.getInt(i) == BlockDescriptor.MAGIC) {
                    @Nullable
                    Block block = verified(from + i, window.getInt(i + BlockDescriptor.PAYLOAD_LENGTH_OFFSET));
                    if (block != null && block.header().firstSequence() >= next) {
                        return block;
                    }
                    if (block != null) {
                        putInPlace(block);
                    }
                }
            }
            if (got < WINDOW) {
                return null;
            }
            from += WINDOW - BlockDescriptor.HEADER_LENGTH;
        }
    }

    private @Nullable Block verified(long position, int payloadLength) {
        if (payloadLength < 0 || payloadLength > BlockDescriptor.MAX_PAYLOAD_LENGTH) {
            return null;
        }
        int length = BlockDescriptor.HEADER_LENGTH + payloadLength;
        Block block;
        try {
            block = new Block(position, length, number, queue.readBlock(position, length, "block " + number));
            block.header().verify(queue.bytes(), high, low, queue.file(), block.place());
            return block;
        } catch (TraceFormatException e) {
            return null;
        }
    }

    private boolean isLastDamaged() {
        return !blocks.isEmpty() && isDamaged(blocks.get(blocks.size() - 1));
    }

    private boolean isDamaged(Block block) {
        return isDamaged(queue, block, high, low, failure -> {});
    }

    /** Whether a block is not what its checksum says; the failure is handed on. */
    static boolean isDamaged(
            QueueFile queue, Block block, long high, long low, Consumer<TraceFormatException> failure) {
        try {
            BlockHeader header = queue.readBlock(block.position(), block.length(), block.place());
            header.verify(queue.bytes(), high, low, queue.file(), block.place());
            return !header.equals(block.header());
        } catch (TraceFormatException e) {
            failure.accept(e);
            return true;
        }
    }
}
