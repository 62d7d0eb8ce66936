package org.iorewind.trace.archive;

import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is left of the values of a column when a predictor has had its say: numbers {@code u = least + step * number}.
 *
 * @param predictor see {@link ColumnDescriptor}
 * @param otherShape shape of the other field, if it predicts
 * @param otherOffset its offset in the frame
 * @param first value before the first one
 * @param least smallest {@code u}
 * @param step greatest number that divides all {@code u - least}; at least 1
 * @param bits of the largest number
 * @param dictionary the values by index; empty unless the dictionary predicts
 * @param numbers one for each value
 */
record Residuals(
        int predictor,
        int otherShape,
        int otherOffset,
        long first,
        long least,
        long step,
        int bits,
        long[] dictionary,
        long[] numbers) {
    private static final long[] NO_DICTIONARY = {};

    /** The values themselves. */
    static Residuals ofValues(long[] values) {
        return of(ColumnDescriptor.PREDICT_NOTHING, 0, 0, 0, values.clone());
    }

    /** The values as signed numbers. */
    static Residuals ofSigned(long[] values, int width) {
        long[] u = new long[values.length];
        for (int i = 0; i < u.length; i++) {
            u[i] = ColumnDescriptor.unsigned(values[i], width);
        }
        return of(ColumnDescriptor.PREDICT_ZERO, 0, 0, 0, u);
    }

    /** Differences to the value before. */
    static Residuals ofDifferences(long[] values, int width) {
        long[] u = new long[values.length];
        long previous = values[0];
        for (int i = 0; i < u.length; i++) {
            u[i] = ColumnDescriptor.unsigned(values[i] - previous, width);
            previous = values[i];
        }
        return of(ColumnDescriptor.PREDICT_PREVIOUS, 0, 0, values[0], u);
    }

    /** Differences to another field. */
    static Residuals ofOther(long[] values, int width, OtherField other) {
        long[] u = new long[values.length];
        for (int i = 0; i < u.length; i++) {
            u[i] = ColumnDescriptor.unsigned(values[i] - other.values()[i], width);
        }
        return of(ColumnDescriptor.PREDICT_OTHER, other.shape(), other.offset(), other.first(), u);
    }

    /**
     * Another field that may predict.
     *
     * @param shape its number
     * @param offset in the frame
     * @param first what stands for it before its first value
     * @param values its value at each event of the column
     */
    record OtherField(int shape, int offset, long first, long[] values) {}

    /** Indices into the values that occur, by first occurrence; null if there are too many to pay. */
    static @Nullable Residuals ofDictionary(long[] values) {
        int most = Math.min(ColumnDescriptor.MAX_DICTIONARY, values.length / 2);
        long[] dictionary = new long[most];
        Long2LongHashMap indices = new Long2LongHashMap(-1);
        long[] u = new long[values.length];
        for (int i = 0; i < u.length; i++) {
            long index = indices.get(values[i]);
            if (index < 0) {
                index = indices.size();
                if (index == most) {
                    return null;
                }
                dictionary[(int) index] = values[i];
                indices.put(values[i], index);
            }
            u[i] = index;
        }
        long[] used = Arrays.copyOf(dictionary, indices.size());
        int bits = Long.SIZE - Long.numberOfLeadingZeros(used.length - 1L);
        return new Residuals(ColumnDescriptor.PREDICT_DICTIONARY, 0, 0, 0, 0, 1, bits, used, u);
    }

    private static Residuals of(int predictor, int otherShape, int otherOffset, long first, long[] u) {
        long least = u[0];
        for (long one : u) {
            least = Long.compareUnsigned(one, least) < 0 ? one : least;
        }
        long step = 0;
        for (int i = 0; i < u.length && step != 1; i++) {
            step = divisor(step, u[i] - least);
        }
        step = step == 0 ? 1 : step;
        long all = 0;
        for (int i = 0; i < u.length; i++) {
            u[i] = step == 1 ? u[i] - least : Long.divideUnsigned(u[i] - least, step);
            all |= u[i];
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(all);
        return new Residuals(predictor, otherShape, otherOffset, first, least, step, bits, NO_DICTIONARY, u);
    }

    private static long divisor(long a, long b) {
        long large = a;
        long small = b;
        while (small != 0) {
            long rest = Long.remainderUnsigned(large, small);
            large = small;
            small = rest;
        }
        return large;
    }
}
