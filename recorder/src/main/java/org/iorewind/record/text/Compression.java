package org.iorewind.record.text;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Compression of recordings, recognised by the first bytes and never by the name. */
public final class Compression {
    private static final int MAGIC_BYTES = 4;
    private static final int[] GZIP = {0x1f, 0x8b};
    private static final int[] ZSTD = {0x28, 0xb5, 0x2f, 0xfd};
    private static final int BUFFER_BYTES = 1 << 16;

    private Compression() {}

    /**
     * What is in the stream: gzip and zstd are decompressed, anything else stays as it is.
     *
     * @param raw stays owned by the caller
     * @throws IOException from the stream, or if it only begins like a compressed one
     */
    public static InputStream plain(InputStream raw) throws IOException {
        BufferedInputStream start = new BufferedInputStream(raw, BUFFER_BYTES);
        start.mark(MAGIC_BYTES);
        byte[] first = start.readNBytes(MAGIC_BYTES);
        start.reset();
        if (begins(first, GZIP)) {
            return new GZIPInputStream(start, BUFFER_BYTES);
        }
        return begins(first, ZSTD) ? new ZstdInputStream(start) : start;
    }

    private static boolean begins(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
