package org.iorewind.trace.archive;

import org.iorewind.trace.archive.ChunkDirectory.Column;

/**
 * Makes the values of a column: unpacks its numbers, adds what predicts them, puts them into the frames. One loop for each
 * case, so that each does one thing, over arrays in locals: a field would be read again for each value. Not thread-safe.
 */
final class ColumnDecoder {
    private final ChunkStreams streams;
    private byte[] stream = new byte[ChunkDecoder.SLACK];
    private long[] numbers = new long[0];
    private final long[] dictionary = new long[ColumnDescriptor.MAX_DICTIONARY];

    ColumnDecoder(ChunkStreams streams) {
        this.streams = streams;
    }

    /** Numbers, and later values, of the column in hand. */
    long[] numbers() {
        return numbers;
    }

    /** Leaves the numbers of a column in {@link #numbers}, and its dictionary at the start of {@link #stream}. */
    void unpack(Column column, int count) {
        if (numbers.length < count) {
            numbers = new long[count];
        }
        int length = (int) column.length(count);
        int head = column.dictionary() * column.width();
        if (length > 0) {
            stream = ChunkDecoder.grown(stream, length);
            streams.expand(column.storedLength(), length, stream);
        }
        NumberPacking.unpack(stream, head, count, column.bits(), column.layout(), numbers);
    }

    /** Makes values of the numbers of a column that needs no other. */
    void predictAlone(Column column, int count) {
        long[] values = numbers;
        long least = column.least();
        long step = column.step();
        switch (column.predictor()) {
            case ColumnDescriptor.PREDICT_NOTHING -> {
                boolean areValues = least == 0 && step == 1;
                for (int i = 0; !areValues && i < count; i++) {
                    values[i] = least + step * values[i];
                }
            }
            case ColumnDescriptor.PREDICT_ZERO -> {
                for (int i = 0; i < count; i++) {
                    values[i] = ColumnDescriptor.signed(least + step * values[i]);
                }
            }
            case ColumnDescriptor.PREDICT_PREVIOUS -> {
                long value = column.first();
                for (int i = 0; i < count; i++) {
                    value += ColumnDescriptor.signed(least + step * values[i]);
                    values[i] = value;
                }
            }
            default -> {
                int entries = column.dictionary();
                for (int i = 0; i < entries; i++) {
                    dictionary[i] = LittleEndian.get(stream, i * column.width(), column.width());
                }
                for (int i = 0; i < count; i++) {
                    long index = values[i];
                    if (index >= entries || index < 0) {
                        throw new BadChunkException("a place in the dictionary", Long.toString(index));
                    }
                    values[i] = dictionary[(int) index];
                }
            }
        }
    }

    /** Makes values of the numbers of a column that another field predicts. */
    void predictByOther(int number, Column column, int[] starts, int[] positions, byte[] frames) {
        long[] values = numbers;
        int own = starts[number];
        int count = starts[number + 1] - own;
        int other = column.otherShape();
        long least = column.least();
        long step = column.step();
        int from = column.otherOffset();
        if (other == number) {
            for (int i = 0; i < count; i++) {
                long value = LittleEndian.get(frames, positions[own + i] + from, column.width());
                values[i] = value + ColumnDescriptor.signed(least + step * values[i]);
            }
            return;
        }
        int seen = starts[other];
        int end = starts[other + 1];
        for (int i = 0; i < count; i++) {
            int position = positions[own + i];
            while (seen < end && positions[seen] < position) {
                seen++;
            }
            long value = seen == starts[other]
                    ? column.first()
                    : LittleEndian.get(frames, positions[seen - 1] + from, column.width());
            values[i] = value + ColumnDescriptor.signed(least + step * values[i]);
        }
    }

    /** Puts the values over the templates. */
    void scatter(Column column, int start, int count, int[] positions, byte[] frames) {
        long[] values = numbers;
        int offset = column.offset();
        switch (column.width()) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    frames[positions[start + i] + offset] = (byte) values[i];
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    LittleEndian.SHORT.set(frames, positions[start + i] + offset, (short) values[i]);
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    LittleEndian.INT.set(frames, positions[start + i] + offset, (int) values[i]);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    LittleEndian.LONG.set(frames, positions[start + i] + offset, values[i]);
                }
            }
        }
    }
}
