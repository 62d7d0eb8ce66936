package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.TraceFormatException;

/**
 * Fuzz target: what lies behind the checksums of an archive. The first byte says what the rest is: 0 a chunk (u32 count,
 * u32 payload length, u32 directory length, then directory and streams), 1 an index, 2 a page of a fixed index.
 */
public final class ArchiveFuzz {
    private static final int CHUNK_HEAD = 12;
    private static final int MOST_PAYLOAD = 1 << 20;

    private ArchiveFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        ByteBuffer bytes = ByteBuffer.wrap(rest).order(LITTLE_ENDIAN);
        try {
            switch (input[0]) {
                case 0 -> chunk(bytes);
                case 1 -> ArchiveIndex.decode(bytes, 1000, "fuzz");
                default -> page(bytes);
            }
        } catch (TraceFormatException | BadChunkException refused) {
            // A named refusal is the right answer to most inputs.
        }
    }

    private static void chunk(ByteBuffer bytes) {
        if (bytes.remaining() <= CHUNK_HEAD) {
            return;
        }
        int count = bytes.getInt();
        int payload = bytes.getInt();
        int directory = bytes.getInt();
        // What IndexPage makes sure of before a chunk is looked at.
        if (payload < 24 || payload > MOST_PAYLOAD || count < 1 || count > payload / 24) {
            return;
        }
        KindCounts none = new KindCounts(new int[0], new long[0]);
        ChunkEntry entry = new ChunkEntry(0, bytes.remaining(), payload, 0, count, 0, 0, 0, none);
        try (ChunkDecoder decoder = new ChunkDecoder()) {
            decoder.decode(bytes.array(), CHUNK_HEAD, entry, directory, directory);
            FrameEventView view = new FrameEventView();
            UnsafeBuffer frames = new UnsafeBuffer(decoder.frames(), 0, payload);
            int at = 0;
            for (int i = 0; i < count; i++) {
                String problem = view.tryWrap(frames, at, payload, i);
                if (problem != null && decoder.areFramesSound()) {
                    throw new IllegalStateException("frames said to be sound, found " + problem + " at " + at);
                }
                at += FrameEventView.frameLength(frames, at);
            }
            if (at != payload) {
                throw new IllegalStateException("expected frames of " + payload + " bytes, found " + at);
            }
        }
    }

    private static void page(ByteBuffer bytes) {
        KindCounts kinds = new KindCounts(new int[] {1, 2}, new long[] {1, 1});
        PageEntry entry = new PageEntry(1000, 0, 0, 100, bytes.remaining(), 0, 1, 0, 0, kinds);
        ArchiveIndex index = new ArchiveIndex(7, 1, kinds, java.util.List.of(entry));
        IndexPage.decode(bytes, index, 0, "fuzz");
    }
}
