package org.iorewind.samples.scenario;

import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.HostPageTable;
import org.iorewind.model.platform.driver.IommuDriver;

/** One domain of v1 tables with one device, flushed at each unmap: the least that a DMA API can be. */
final class BareDomain {
    private static final int BOTH_RIGHTS = 3;

    private final IommuDriver driver;
    private final int requester;
    private final int domain;
    private final HostPageTable table;

    BareDomain(IommuDriver driver, int requester, int domain) {
        this(driver, requester, domain, HostPageTable.ofThreeLevels(driver.port()));
    }

    /** The same with tables of another shape. */
    BareDomain(IommuDriver driver, int requester, int domain, HostPageTable table) {
        this.driver = driver;
        this.requester = requester;
        this.domain = domain;
        this.table = table;
    }

    /** Gives the device the domain. */
    void attach() {
        driver.port().enter(CallNames.ATTACH, requester, 0, 0, 0);
        driver.deviceTable().set(requester, DeviceEntryImage.host(domain, table.root(), table.levels()));
        driver.commands().push(Command.invalidateDeviceEntry(requester));
        finish(CallNames.ATTACH, 0);
    }

    /** Maps a range for reading and writing. */
    void map(long iova, long physical, long bytes) {
        driver.port().enter(CallNames.MAP, requester, iova, physical, bytes);
        driver.port().leave(CallNames.MAP, table.map(iova, physical, bytes, BOTH_RIGHTS));
    }

    /** Unmaps a range and waits until no cache holds it. */
    void unmap(long iova, long bytes) {
        driver.port().enter(CallNames.UNMAP, SystemBus.NO_REQUESTER, iova, 0, bytes);
        table.unmap(iova, bytes);
        driver.commands().push(Command.invalidatePages(domain, AddressSpan.of(iova, bytes), table.hasUnlinked()));
        finish(CallNames.UNMAP, 0);
        table.release();
    }

    private void finish(String call, int result) {
        int all = driver.commands().complete() ? result : -1;
        driver.port().leave(call, all);
        BareMachine.done(all);
    }
}
