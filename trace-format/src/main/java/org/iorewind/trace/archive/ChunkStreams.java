package org.iorewind.trace.archive;

import static org.iorewind.trace.archive.BadChunkException.require;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/** The stored bytes of a chunk, stream by stream. Not thread-safe. */
final class ChunkStreams implements AutoCloseable {
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private byte[] stored = new byte[0];
    private int at;
    private int limit;

    /** Starts with the stored bytes of another chunk. */
    void start(byte[] bytes, int offset, int length) {
        stored = bytes;
        at = offset;
        limit = offset + length;
    }

    /** Where the next stream starts. */
    int position() {
        return at;
    }

    /** Goes back to a place that {@link #position()} has told. */
    void moveTo(int position) {
        at = position;
    }

    /** Steps over a stream. */
    void skip(int storedLength) {
        require(storedLength <= limit - at, "stored bytes inside the chunk", storedLength);
        at += storedLength;
    }

    /** Takes the next stored bytes and makes so many bytes of them. */
    void expand(int storedLength, int length, byte[] into) {
        require(storedLength <= limit - at, "stored bytes inside the chunk", storedLength);
        if (storedLength == length) {
            System.arraycopy(stored, at, into, 0, length);
        } else {
            long found = decompress(storedLength, length, into);
            require(found == length, "a stream of its length", found);
        }
        at += storedLength;
    }

    private long decompress(int storedLength, int length, byte[] into) {
        try {
            return zstd.decompressByteArray(into, 0, length, stored, at, storedLength);
        } catch (ZstdException e) {
            throw new BadChunkException("zstd data", Zstd.getErrorName(-e.getErrorCode()));
        }
    }

    void requireEnd() {
        require(at == limit, "the end of the streams", limit - at);
    }

    @Override
    public void close() {
        zstd.close();
    }
}
