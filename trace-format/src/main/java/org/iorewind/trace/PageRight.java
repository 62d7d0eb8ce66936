package org.iorewind.trace;

/**
 * Bits of a {@code rights} field: the set {@code PageRights} of the schema.
 *
 * <pre>
 *     7     6   5   4   3      2        1       0
 * +-------+---+---+---+---+---------+-------+------+
 * | known |    reserved   | execute | write | read |
 * +-------+---+---+---+---+---------+-------+------+
 * </pre>
 */
public final class PageRight {
    /** May be read. */
    public static final int READ = 1;
    /** May be written. */
    public static final int WRITE = 1 << 1;
    /** May be executed. */
    public static final int EXECUTE = 1 << 2;
    /** The other bits mean something; without it the rights are unknown. */
    public static final int KNOWN = 1 << 7;

    private PageRight() {}
}
