package org.iorewind.model;

import java.io.Serial;

/** A state image that is damaged, or was made by a model of other options. */
public final class StateImageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Names the place.
     *
     * @param position index of the number in the image
     * @param expected what could stand there
     * @param found what does
     */
    StateImageException(int position, String expected, String found) {
        super("state image, number " + position + ": expected " + expected + ", found " + found);
    }
}
