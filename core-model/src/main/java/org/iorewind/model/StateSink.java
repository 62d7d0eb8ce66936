package org.iorewind.model;

/** Takes the numbers that make up a state, in an order that the giver fixes: a hash, or an image to restore from. */
public interface StateSink {
    /** Stands where a list of entries ends: entries begin with an index, which is never negative. */
    long END = -1;

    /**
     * Takes one number.
     *
     * @param value any value
     */
    void addLong(long value);
}
