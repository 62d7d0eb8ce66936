package org.iorewind.trace;

/**
 * Bits of a {@code rights} field: the set {@code PageRights} of the schema.
 *
 * <pre>
 *     7        6             5             4         3           2        1       0
 * +-------+---------+------------------+--------+------------+---------+-------+------+
 * | known | snooped | untranslatedOnly | global | privileged | execute | write | read |
 * +-------+---------+------------------+--------+------------+---------+-------+------+
 * </pre>
 */
public final class PageRight {
    /** May be read. */
    public static final int READ = 1;
    /** May be written. */
    public static final int WRITE = 1 << 1;
    /** May be executed. */
    public static final int EXECUTE = 1 << 2;
    /** The rights are those of privileged requests. */
    public static final int PRIVILEGED = 1 << 3;
    /** The page is the same in all address spaces of the device. */
    public static final int GLOBAL = 1 << 4;
    /** The device is to use the page by untranslated requests. */
    public static final int UNTRANSLATED_ONLY = 1 << 5;
    /** Requests to the page are snooped whatever the device wants. */
    public static final int SNOOPED = 1 << 6;
    /** The other bits mean something; without it the rights are unknown. */
    public static final int KNOWN = 1 << 7;

    private PageRight() {}
}
