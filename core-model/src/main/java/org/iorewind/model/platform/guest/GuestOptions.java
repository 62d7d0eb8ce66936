package org.iorewind.model.platform.guest;

import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.EmptyTables;

/**
 * How a guest's driver works.
 *
 * @param driver how it sets itself up
 * @param format its page tables
 * @param flushPolicy when unmaps take effect; strict with {@code notPresentCached}, whatever stands here
 * @param notPresentCached NpCache of the IOMMU: maps must be flushed too (reference 9.2)
 * @param pageSizes bit n for pages of 2^n bytes, of those that the format has
 * @param guestLevels levels of v2 tables, 4 or 5
 * @param emptyTables what becomes of empty tables
 * @param bugs mistakes that it makes
 */
public record GuestOptions(
        DriverOptions driver,
        TableFormat format,
        FlushPolicy flushPolicy,
        boolean notPresentCached,
        long pageSizes,
        int guestLevels,
        EmptyTables emptyTables,
        DriverBugs bugs) {
    private static final int DEVICES = 256;
    private static final int FOUR_LEVELS = 4;

    /** Of the devices of bus 0, with this format, strict, with all page sizes and no mistakes. */
    public static GuestOptions of(TableFormat format) {
        return new GuestOptions(
                DriverOptions.linux().devices(DEVICES),
                format,
                FlushPolicy.strict(),
                false,
                -1,
                FOUR_LEVELS,
                EmptyTables.UNLINKED_IF_COVERED,
                DriverBugs.none());
    }

    /** The same, set up otherwise. */
    public GuestOptions driver(DriverOptions value) {
        return new GuestOptions(
                value, format, flushPolicy, notPresentCached, pageSizes, guestLevels, emptyTables, bugs);
    }

    /** The same with another flushing policy. */
    public GuestOptions flushPolicy(FlushPolicy value) {
        return new GuestOptions(driver, format, value, notPresentCached, pageSizes, guestLevels, emptyTables, bugs);
    }

    /** The same for an IOMMU with this NpCache. */
    public GuestOptions notPresentCached(boolean value) {
        return new GuestOptions(driver, format, flushPolicy, value, pageSizes, guestLevels, emptyTables, bugs);
    }

    /** The same with other page sizes. */
    public GuestOptions pageSizes(long value) {
        return new GuestOptions(driver, format, flushPolicy, notPresentCached, value, guestLevels, emptyTables, bugs);
    }

    /** The same with v2 tables of this many levels. */
    public GuestOptions guestLevels(int value) {
        return new GuestOptions(driver, format, flushPolicy, notPresentCached, pageSizes, value, emptyTables, bugs);
    }

    /** The same with another treatment of empty tables. */
    public GuestOptions emptyTables(EmptyTables value) {
        return new GuestOptions(driver, format, flushPolicy, notPresentCached, pageSizes, guestLevels, value, bugs);
    }

    /** The same with mistakes. */
    public GuestOptions bugs(DriverBugs value) {
        return new GuestOptions(
                driver, format, flushPolicy, notPresentCached, pageSizes, guestLevels, emptyTables, value);
    }

    /** The policy that the driver follows: it falls back to strict where maps must be flushed (amd-viommu reference 8). */
    FlushPolicy effectivePolicy() {
        return notPresentCached ? FlushPolicy.strict() : flushPolicy;
    }
}
