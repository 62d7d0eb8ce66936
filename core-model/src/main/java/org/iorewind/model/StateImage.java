package org.iorewind.model;

import java.util.Arrays;

/** A saved state: a list of numbers. Grows while it is written to; not thread-safe until then, and safe to read after. */
public final class StateImage implements StateSink {
    private static final int FIRST_CAPACITY = 256;

    private long[] values = new long[FIRST_CAPACITY];
    private int size;

    /** An empty image. */
    public StateImage() {}

    /** An image of numbers that {@link #toArray} once gave. */
    public static StateImage of(long[] values) {
        StateImage image = new StateImage();
        image.values = values.clone();
        image.size = values.length;
        return image;
    }

    @Override
    public void addLong(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2 + 1);
        }
        values[size++] = value;
    }

    /** How many numbers the image has. */
    public int size() {
        return size;
    }

    /** A copy of the numbers. */
    public long[] toArray() {
        return Arrays.copyOf(values, size);
    }

    /** A reader that stands before the first number. */
    public Reader reader() {
        return new Reader(this);
    }

    /** Reads an image from its start. Not thread-safe. */
    public static final class Reader {
        private final StateImage image;
        private int position;

        private Reader(StateImage image) {
            this.image = image;
        }

        /**
         * The next number.
         *
         * @throws StateImageException when there is none
         */
        public long next() {
            if (position == image.size) {
                throw new StateImageException(position, "a number", "the end of the image");
            }
            return image.values[position++];
        }

        /**
         * The next number, which must be an index or a small count.
         *
         * @param bound it is at least 0 and below this
         * @throws StateImageException when it is not, or there is none
         */
        public int nextBelow(int bound) {
            long value = next();
            if (value < 0 || value >= bound) {
                throw new StateImageException(position - 1, "a number from 0 to " + (bound - 1), Long.toString(value));
            }
            return (int) value;
        }

        /**
         * The next number, which must be an index or {@link StateSink#END}.
         *
         * @param bound the index is below this
         * @return the index, or -1 at the end of the list
         * @throws StateImageException when it is neither, or there is none
         */
        public int nextIndex(int bound) {
            if (position < image.size && image.values[position] == END) {
                position++;
                return (int) END;
            }
            return nextBelow(bound);
        }

        /**
         * Checks that all was read.
         *
         * @throws StateImageException when numbers are left
         */
        public void expectEnd() {
            if (position != image.size) {
                throw new StateImageException(
                        position, "the end of the image", (image.size - position) + " more numbers");
            }
        }
    }
}
