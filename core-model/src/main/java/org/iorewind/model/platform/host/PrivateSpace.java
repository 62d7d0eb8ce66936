package org.iorewind.model.platform.host;

import java.util.function.LongUnaryOperator;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.EmptyTables;
import org.iorewind.model.platform.driver.HostPageTable;
import org.iorewind.model.platform.driver.IommuDriver;

/**
 * The private address space of an IOMMU as the host keeps it: a v1 table of 4 KiB pages that begins with two levels, in the entry
 * of the IOMMU's own DeviceID (amd-viommu reference 2.2, 2.3). Not thread-safe.
 */
final class PrivateSpace {
    private static final int FIRST_LEVELS = 2;
    private static final long PAGE_BYTES = 4096;

    private final IommuDriver driver;
    private final int device;
    private final int domain;
    private final HostPageTable tables;
    private boolean isInstalled;

    /**
     * An empty space.
     *
     * @param device DeviceID of the IOMMU itself
     * @param domain DomainID
     */
    PrivateSpace(IommuDriver driver, int device, int domain) {
        this.driver = driver;
        this.device = device;
        this.domain = domain;
        this.tables = new HostPageTable(
                driver.port(),
                FIRST_LEVELS,
                FeatureDescriptor.hostLevels(driver.features()),
                HostPageTable.SMALLEST_ONLY,
                EmptyTables.UNLINKED);
    }

    /** Shows the space to the hardware. */
    boolean install() {
        isInstalled = true;
        return writeEntry();
    }

    private boolean writeEntry() {
        driver.deviceTable().set(device, DeviceEntryImage.host(domain, tables.root(), tables.levels()));
        driver.commands().push(Command.invalidateDeviceEntry(device));
        return driver.commands().complete();
    }

    /** Takes memory for a region, clears and maps it; gives its system physical address. */
    long allocate(long address, long bytes) {
        long memory = driver.port().allocate(bytes, PAGE_BYTES);
        driver.port().clear(MemoryRole.PRIVATE, memory, bytes);
        map(address, bytes, done -> memory + done);
        return memory;
    }

    /** Unmaps a region and gives its memory back. */
    void free(long address, long memory, long bytes) {
        unmap(address, bytes);
        driver.port().free(memory, bytes);
    }

    /**
     * Maps a region where nothing is mapped.
     *
     * @param memory system physical address for each offset in the region that is a multiple of 4096
     */
    void map(long address, long bytes, LongUnaryOperator memory) {
        long root = tables.root();
        for (long done = 0; done < bytes; done += PAGE_BYTES) {
            tables.map(address + done, memory.applyAsLong(done), PAGE_BYTES, AccessKind.RIGHTS_ALL);
        }
        if (isInstalled && tables.root() != root) {
            writeEntry();
        }
        flush(AddressSpan.of(address, bytes));
    }

    /** Unmaps what is mapped of a region. */
    void unmap(long address, long bytes) {
        tables.unmap(address, bytes);
        flush(AddressSpan.of(address, bytes));
        tables.release();
    }

    private void flush(AddressSpan span) {
        if (isInstalled) {
            driver.commands().push(Command.invalidatePages(domain, span, true));
            driver.commands().complete();
        }
    }

    /** Where a private address leads, or -1. */
    long translate(long address) {
        return tables.translate(address);
    }
}
