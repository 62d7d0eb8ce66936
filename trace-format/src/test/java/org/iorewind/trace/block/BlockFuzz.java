package org.iorewind.trace.block;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.TraceFormatException;

/** Fuzz target: a block with a right checksum, as a cursor sees it. */
public final class BlockFuzz {
    private BlockFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        UnsafeBuffer buffer = new UnsafeBuffer(input.clone());
        try {
            BlockHeader header = BlockHeader.read(buffer, 0, input.length, "fuzz", "block 0");
            int checksum = BlockHeader.checksum(buffer.byteArray(), header.payloadLength());
            buffer.putInt(BlockDescriptor.CHECKSUM_OFFSET, checksum);
            try (BlockCursor cursor = new BlockCursor(new OneBlock(buffer, header, new BlockFrames()))) {
                cursor.seek(header.firstSequence());
                while (cursor.next()) {
                    cursor.event().kind();
                }
            }
        } catch (TraceFormatException refused) {
            // A named refusal is the right answer to most inputs.
        }
    }

    private record OneBlock(UnsafeBuffer buffer, BlockHeader header, BlockFrames frames) implements BlockSource {
        @Override
        public String file() {
            return "fuzz";
        }

        @Override
        public int blocks() {
            return 1;
        }

        @Override
        public long firstSequence(int block) {
            return header.firstSequence();
        }

        @Override
        public int count(int block) {
            return header.count();
        }

        @Override
        public String place(int block) {
            return "block 0";
        }

        @Override
        public boolean areFramesSound() {
            return false;
        }

        @Override
        public DirectBuffer load(int block) {
            byte[] bytes = buffer.byteArray();
            BlockHeader.read(buffer, 0, bytes.length, "fuzz", "block 0")
                    .verify(bytes, header.sessionHigh(), header.sessionLow(), "fuzz", "block 0");
            return frames.of(bytes, header, "fuzz", "block 0");
        }

        @Override
        public int payloadLength() {
            return frames.length();
        }

        @Override
        public void checkEnd() {
            // There is one block only.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
