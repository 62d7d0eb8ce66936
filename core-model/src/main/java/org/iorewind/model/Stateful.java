package org.iorewind.model;

/**
 * A part that has state. One traversal serves the hash and the image, so that nothing can be hashed and not saved, or saved
 * and not hashed: {@code restoreFrom} after {@code saveTo} gives a part that behaves alike in everything.
 */
public interface Stateful {
    /** Gives all of the state, in an order that depends on the state alone. */
    void saveTo(StateSink sink);

    /**
     * Replaces all of the state by one that a part of the same options gave.
     *
     * @throws StateImageException when the image does not fit; the state is then undefined until the next reset or restore
     */
    void restoreFrom(StateImage.Reader source);
}
