package org.iorewind.trace;

/** Told now and then how far a long piece of work has come. Called from the working thread; must return quickly. */
@FunctionalInterface
public interface Progress {
    /** Shows nothing. */
    Progress NONE = (done, total) -> {};

    /**
     * Work went on.
     *
     * @param done units done so far (events or bytes, as the caller knows)
     * @param total units in all, or -1 if that is not known
     */
    void at(long done, long total);
}
