package org.iorewind.trace.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.BlockHeader;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the headers of all blocks in the queue, up to the sequence number where the open block begins. Blocks
 * that are out of place are left out and listed as damage; the rest stays readable.
 */
final class JournalScan {
    private static final String NEXT_STEP = "the events before stay readable; 'iorewind check' lists all damage";

    private final String file;
    private final BlockBuffer buffer;
    private final ExcerptTailer checker;
    private final long high;
    private final long low;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private long next;

    private JournalScan(Path directory, ExcerptTailer checker, long high, long low) {
        this.file = directory.toString();
        this.checker = checker;
        this.buffer = new BlockBuffer(file);
        this.high = high;
        this.low = low;
    }

    /**
     * A block that is where it should be.
     *
     * @param excerpt its index in the queue
     * @param number its number among all excerpts, for messages
     * @param header as read; not yet verified against the frames
     */
    record Block(long excerpt, int number, BlockHeader header) {}

    /**
     * What the pass found.
     *
     * @param blocks in the order of their sequence numbers
     * @param damages in the order of their places
     * @param ahead sequence number of the last block that begins behind {@code end}, or -1
     */
    record Result(List<Block> blocks, List<Damage> damages, long ahead) {}

    /**
     * Runs the pass.
     *
     * @param tailer at the start of the queue
     * @param checker another one, to look back
     * @param high high half of the session id
     * @param low its low half
     * @param end where the open block begins; {@link Long#MAX_VALUE} if that is not known
     */
    static Result run(Path directory, ExcerptTailer tailer, ExcerptTailer checker, long high, long low, long end) {
        return new JournalScan(directory, checker, high, low).run(tailer, end);
    }

    private Result run(ExcerptTailer tailer, long end) {
        long ahead = -1;
        try {
            for (int number = 0; ; number++) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        break;
                    }
                    @Nullable BlockHeader header = place(document, number, end);
                    if (header != null && header.firstSequence() > end) {
                        ahead = header.firstSequence();
                        break;
                    }
                }
            }
        } catch (Exception | InternalError | AssertionError | LinkageError e) {
            // Chronicle's own structures are damaged, or its file is cut.
            damages.add(new Damage("queue", "a readable queue", BlockQueue.words(e), next, -1));
        }
        return new Result(blocks, damages, ahead);
    }

    /** Takes the block in if it is the next one; returns its header if it is sound. */
    private @Nullable BlockHeader place(DocumentContext document, int number, long end) {
        String place = "block " + number;
        try {
            Bytes<?> bytes = document.wire().bytes();
            BlockHeader header = buffer.copyHeader(bytes, place);
            if (header.firstSequence() != next) {
                // A damaged header must not push the blocks behind it out of place: look closer before believing it.
                buffer.copy(bytes, place).verify(buffer.bytes(), high, low, file, place);
                if (header.firstSequence() < next) {
                    dropBlockBeforeIfDamaged();
                }
                if (header.firstSequence() < next) {
                    String found = "event " + header.firstSequence();
                    throw new CorruptTraceException(file, place, "event " + next, found, NEXT_STEP);
                }
            }
            if (header.firstSequence() < end) {
                blocks.add(new Block(document.index(), number, header));
                next = header.endSequence();
            }
            return header;
        } catch (TraceFormatException e) {
            damages.add(new Damage(e.place(), e.expected(), e.found(), next, -1));
            return null;
        }
    }

    /** A sound block begins before the one before it ends: which of the two is wrong? */
    private void dropBlockBeforeIfDamaged() {
        if (blocks.isEmpty()) {
            return;
        }
        Block before = blocks.get(blocks.size() - 1);
        String place = "block " + before.number();
        checker.moveToIndex(before.excerpt());
        try (DocumentContext document = checker.readingDocument()) {
            buffer.copy(document.wire().bytes(), place).verify(buffer.bytes(), high, low, file, place);
        } catch (TraceFormatException e) {
            blocks.remove(blocks.size() - 1);
            next = before.header().firstSequence();
            damages.add(new Damage(e.place(), e.expected(), e.found(), next, -1));
        }
    }

    /** Copies blocks out of the queue: a mapped file can be cut under our feet, a copy cannot. */
    static final class BlockBuffer {
        private final byte[] bytes = new byte[JournalDescriptor.MAX_BLOCK_LENGTH];
        private final UnsafeBuffer view = new UnsafeBuffer(bytes);
        private final String file;

        BlockBuffer(String file) {
            this.file = file;
        }

        byte[] bytes() {
            return bytes;
        }

        BlockHeader copyHeader(Bytes<?> from, String place) {
            return copy(from, BlockDescriptor.HEADER_LENGTH, place);
        }

        BlockHeader copy(Bytes<?> from, String place) {
            return copy(from, bytes.length, place);
        }

        private BlockHeader copy(Bytes<?> from, int most, String place) {
            long length = from.readRemaining();
            if (length > bytes.length) {
                String expected = "a block of at most " + bytes.length + " bytes";
                throw new CorruptTraceException(file, place, expected, length + " bytes", NEXT_STEP);
            }
            from.read(from.readPosition(), bytes, 0, (int) Math.min(length, most));
            return BlockHeader.read(view, 0, (int) length, file, place);
        }
    }
}
