package org.iorewind.model.platform.host;

import org.iorewind.model.platform.driver.DriverOptions;

/**
 * How a host sets up its IOMMU.
 *
 * @param driver rings, logs, device table
 * @param format of the tables of its domains
 * @param isNotPresentCached NpCache: what is mapped must be flushed too
 */
public record HostOptions(DriverOptions driver, TableFormat format, boolean isNotPresentCached) {
    /** Formats of page tables. */
    public enum TableFormat {
        /** Host tables: what a hypervisor uses. */
        V1,
        /** Guest tables for PASID 0: all that a guest behind a hardware vIOMMU has (amd-viommu reference 0.3). */
        V2
    }

    /** As Linux does on a machine. */
    public static HostOptions linux() {
        return new HostOptions(DriverOptions.linux(), TableFormat.V1, false);
    }

    /** The same with other rings, logs or device table. */
    public HostOptions driver(DriverOptions value) {
        return new HostOptions(value, format, isNotPresentCached);
    }

    /** The same with tables of another format. */
    public HostOptions format(TableFormat value) {
        return new HostOptions(driver, value, isNotPresentCached);
    }

    /** The same behind an IOMMU that caches what is not present. */
    public HostOptions notPresentCached() {
        return new HostOptions(driver, format, true);
    }
}
