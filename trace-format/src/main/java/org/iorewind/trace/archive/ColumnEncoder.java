package org.iorewind.trace.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses predictor and layout of each column by what they come to, and compresses. The same values give the same bytes:
 * among equals the first wins. Not thread-safe.
 */
final class ColumnEncoder implements AutoCloseable {
    /** Columns of fewer values are not worth a trial. */
    private static final int TRIAL_COUNT = 8;

    private static final int[] LAYOUTS = {
        ColumnDescriptor.LAYOUT_PLANES, ColumnDescriptor.LAYOUT_BYTES, ColumnDescriptor.LAYOUT_BITS
    };

    private final ZstdCompressCtx trial = context(ChunkDescriptor.TRIAL_LEVEL);
    private final ZstdCompressCtx zstd = context(ChunkDescriptor.ZSTD_LEVEL);
    private byte[] packed = new byte[1 << 16];
    private byte[] compressed = new byte[1 << 16];

    private static ZstdCompressCtx context(int level) {
        // All of this is part of the format: the same events must give the same bytes.
        return new ZstdCompressCtx()
                .setLevel(level)
                .setChecksum(false)
                .setContentSize(true)
                .setDictID(false);
    }

    /**
     * Encodes a column.
     *
     * @param offset in the frame; 0 for lengths
     * @param width of a value in bytes
     * @param values at least one
     * @param signed whether the values are signed numbers about 0
     * @param others fields that may predict it
     */
    EncodedColumn encode(int offset, int width, long[] values, boolean signed, List<Residuals.OtherField> others) {
        Residuals best = signed ? Residuals.ofSigned(values, width) : Residuals.ofValues(values);
        int least = cost(best, width);
        if (least > 0) {
            Residuals differences = Residuals.ofDifferences(values, width);
            int cost = cost(differences, width);
            if (cost < least) {
                best = differences;
                least = cost;
            }
            for (Residuals.OtherField other : others) {
                Residuals predicted = Residuals.ofOther(values, width, other);
                cost = cost(predicted, width);
                if (cost < least) {
                    best = predicted;
                    least = cost;
                }
            }
            @Nullable Residuals dictionary = least == 0 ? null : Residuals.ofDictionary(values);
            if (dictionary != null && cost(dictionary, width) < least) {
                best = dictionary;
            }
        }
        return layOut(offset, width, best);
    }

    private int cost(Residuals residuals, int width) {
        int length = pack(residuals, width, ColumnDescriptor.LAYOUT_PLANES);
        return residuals.numbers().length < TRIAL_COUNT ? length : Math.min(length, compress(trial, length));
    }

    private EncodedColumn layOut(int offset, int width, Residuals residuals) {
        int best = ColumnDescriptor.LAYOUT_PLANES;
        byte[] stored = stored(pack(residuals, width, best));
        for (int layout : LAYOUTS) {
            boolean differs = layout == ColumnDescriptor.LAYOUT_BITS
                    ? residuals.bits() % Byte.SIZE != 0
                    : residuals.bits() > Byte.SIZE;
            if (layout != best && differs) {
                byte[] other = stored(pack(residuals, width, layout));
                if (other.length < stored.length) {
                    stored = other;
                    best = layout;
                }
            }
        }
        return new EncodedColumn(offset, width, residuals, best, stored);
    }

    private int pack(Residuals residuals, int width, int layout) {
        long[] dictionary = residuals.dictionary();
        int head = dictionary.length * width;
        int count = residuals.numbers().length;
        int length = head + (int) NumberPacking.length(layout, count, residuals.bits());
        if (packed.length < length) {
            packed = new byte[2 * length];
        }
        for (int i = 0; i < dictionary.length; i++) {
            LittleEndian.put(packed, i * width, width, dictionary[i]);
        }
        NumberPacking.pack(residuals.numbers(), count, residuals.bits(), layout, packed, head);
        return length;
    }

    private byte[] stored(int length) {
        return stored(packed, length);
    }

    /** The bytes, compressed if that makes them shorter. */
    byte[] stored(byte[] bytes, int length) {
        if (length == 0) {
            return new byte[0];
        }
        int size = compress(zstd, bytes, length);
        return size < length ? Arrays.copyOf(compressed, size) : Arrays.copyOf(bytes, length);
    }

    private int compress(ZstdCompressCtx context, int length) {
        return length == 0 ? 0 : compress(context, packed, length);
    }

    private int compress(ZstdCompressCtx context, byte[] bytes, int length) {
        int bound = (int) Zstd.compressBound(length);
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        return context.compressByteArray(compressed, 0, compressed.length, bytes, 0, length);
    }

    @Override
    public void close() {
        trial.close();
        zstd.close();
    }
}
