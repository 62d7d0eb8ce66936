package org.iorewind.model.platform.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.log.PageRequestDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.PhysicalPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.IommuDriver;
import org.iorewind.model.platform.driver.LogEntry;
import org.iorewind.model.platform.driver.PageRequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The IOMMU driver of a host: devices, domains, and what the event log tells. The host is the machine's, or a guest that runs
 * guests of its own: then its port is a {@link org.iorewind.model.platform.vmm.GuestPort}. Not thread-safe.
 */
public final class HostDriver {
    private static final int MOST_KEPT_EVENTS = 1024;

    private final DriverPort port;
    private final int iommu;
    private final HostOptions options;
    private final IommuDriver driver;
    private final DomainIds domainIds = new DomainIds();
    private final Map<Integer, HostDomain> domainOf = new TreeMap<>();
    private final List<HostEventHandler> handlers = new ArrayList<>();
    private final Deque<LogEntry> unhandled = new ArrayDeque<>();
    private boolean isInterrupted;

    /**
     * A driver that has done nothing yet.
     *
     * @param iommu number of the IOMMU that devices are behind: for a host that is a guest, that of its host
     */
    public HostDriver(DriverPort port, int iommu, HostOptions options) {
        this.port = port;
        this.iommu = iommu;
        this.options = options;
        this.driver = new IommuDriver(port, options.driver());
    }

    /** The driver of a physical IOMMU, which hears its interrupts. */
    public static HostDriver of(SystemBus bus, int iommu, PageAllocator pages, HostOptions options) {
        HostDriver host = new HostDriver(new PhysicalPort(bus, iommu, pages), iommu, options);
        bus.listen(iommu, host.new Interrupts());
        return host;
    }

    /**
     * Brings the IOMMU up.
     *
     * @return {@link Errno#OK} or {@link Errno#TIMED_OUT}
     */
    public int boot() {
        return driver.boot();
    }

    /** Its machine. */
    public DriverPort port() {
        return port;
    }

    /** Number of the IOMMU that devices are behind. */
    public int iommu() {
        return iommu;
    }

    /** Registers, rings and tables. */
    public IommuDriver driver() {
        return driver;
    }

    /** Its options. */
    public HostOptions options() {
        return options;
    }

    /** DomainIDs that it gives away. */
    public DomainIds domainIds() {
        return domainIds;
    }

    /** A new empty domain, or nothing if no DomainID is left. */
    public @Nullable HostDomain createDomain() {
        int id = domainIds.allocate();
        return id == DomainIds.NONE ? null : new HostDomain(port, id, options.format());
    }

    /**
     * Ends a domain.
     *
     * @return {@link Errno#OK}; {@link Errno#BUSY} while a device or a guest uses it
     */
    public int destroyDomain(HostDomain domain) {
        if (domain.isUsed()) {
            return Errno.BUSY;
        }
        domain.flush(driver.commands(), AddressSpan.EVERYTHING);
        domain.destroy();
        domainIds.free(domain.id());
        return Errno.OK;
    }

    /**
     * Maps memory for the devices of a domain.
     *
     * @param target physical address
     * @param rights 1 read, 2 write
     * @return {@link Errno#OK}, or why not: {@link org.iorewind.model.platform.driver.IoPageTable#map}
     */
    public int map(HostDomain domain, long iova, long target, long bytes, int rights) {
        DeviceEntryImage before = domain.entry();
        int result = domain.tables().map(iova, target, bytes, rights);
        if (result != Errno.OK) {
            return result;
        }
        if (!domain.entry().equals(before)) {
            domain.entries().forEach(this::writeEntry);
            driver.commands().complete();
        }
        if (options.isNotPresentCached()) {
            return flush(domain, AddressSpan.of(iova, bytes));
        }
        return Errno.OK;
    }

    /** Unmaps what is mapped in a range, and drops what is cached of it; the result is an errno. */
    public int unmap(HostDomain domain, long iova, long bytes) {
        domain.tables().unmap(iova, bytes);
        return flush(domain, AddressSpan.of(iova, bytes));
    }

    private int flush(HostDomain domain, AddressSpan span) {
        return done(domain.flush(driver.commands(), span));
    }

    /**
     * Gives a device a domain, in place of the one it had.
     *
     * @return {@link Errno#OK}, {@link Errno#NO_DEVICE}, {@link Errno#TIMED_OUT}
     */
    public int attach(int requester, HostDomain domain) {
        return attach(requester, domain, false, UnaryOperator.identity());
    }

    /** The same for a device that uses ATS. */
    public int attachWithAts(int requester, HostDomain domain) {
        return attach(requester, domain, true, DeviceEntryImage::withAts);
    }

    /** The same with an entry of another shape than the plain one. */
    int attach(int requester, HostDomain domain, boolean hasAts, UnaryOperator<DeviceEntryImage> shape) {
        if (!driver.deviceTable().covers(requester)) {
            return Errno.NO_DEVICE;
        }
        port.enter(CallNames.ATTACH, requester, 0, 0, 0);
        leaveDomain(requester);
        domainOf.put(requester, domain);
        domain.join(requester, hasAts, shape);
        int result = setEntry(requester, shape.apply(domain.entry()));
        port.leave(CallNames.ATTACH, result);
        return result;
    }

    /**
     * Lets nothing of a device pass.
     *
     * @return {@link Errno#OK}, {@link Errno#NO_DEVICE}, {@link Errno#TIMED_OUT}
     */
    public int detach(int requester) {
        return detach(requester, DeviceEntryImage.BLOCKED);
    }

    /** The same with an entry that says more than that. */
    int detach(int requester, DeviceEntryImage blocked) {
        if (!driver.deviceTable().covers(requester)) {
            return Errno.NO_DEVICE;
        }
        port.enter(CallNames.DETACH, requester, 0, 0, 0);
        leaveDomain(requester);
        int result = setEntry(requester, blocked);
        port.leave(CallNames.DETACH, result);
        return result;
    }

    private void leaveDomain(int requester) {
        HostDomain old = domainOf.remove(requester);
        if (old != null) {
            old.leave(requester);
        }
    }

    /** Whether a device was attached as one that uses ATS. */
    boolean usesAts(int requester) {
        HostDomain domain = domainOf.get(requester);
        return domain != null && domain.usesAts(requester);
    }

    /** The domain of a device, if it has one. */
    public @Nullable HostDomain domainOf(int requester) {
        return domainOf.get(requester);
    }

    /** Gives a device interrupts remapped by a table, or none with a root of 0. */
    public int setInterruptTable(int requester, long root, int lengthCode) {
        if (!driver.deviceTable().covers(requester)) {
            return Errno.NO_DEVICE;
        }
        DeviceEntryImage plain = DeviceEntryImage.OPEN.withInterrupts(root, lengthCode);
        DeviceEntryImage entry = driver.deviceTable().get(requester).withInterruptsOf(plain);
        driver.deviceTable().set(requester, entry);
        driver.commands().push(Command.invalidateDeviceEntry(requester));
        driver.commands().push(Command.invalidateInterruptTable(requester));
        return done(driver.commands().complete());
    }

    /** Writes an entry and drops what is cached of the old one. */
    private int setEntry(int requester, DeviceEntryImage entry) {
        writeEntry(requester, entry);
        return done(driver.commands().complete());
    }

    /** Keeps the interrupt half. A DomainID that stays while its tables change is flushed (reference 9.2). */
    private void writeEntry(int requester, DeviceEntryImage entry) {
        DeviceEntryImage old = driver.deviceTable().get(requester);
        DeviceEntryImage kept = entry.withInterruptsOf(old);
        driver.deviceTable().set(requester, kept);
        CommandQueue commands = driver.commands();
        commands.push(Command.invalidateDeviceEntry(requester));
        boolean isSameDomain = old.domain() == entry.domain() && entry.domain() != 0;
        if (isSameDomain && !kept.equals(old)) {
            commands.push(Command.invalidatePages(entry.domain(), AddressSpan.EVERYTHING, true));
        }
    }

    private static int done(boolean isComplete) {
        return isComplete ? Errno.OK : Errno.TIMED_OUT;
    }

    /** Adds one who is shown every entry of the event log, after those that were added before. */
    public void onEvent(HostEventHandler handler) {
        handlers.add(handler);
    }

    /** Handles what the logs hold, if the IOMMU has interrupted since the last time. */
    public void takeInterrupts() {
        if (isInterrupted) {
            isInterrupted = false;
            handleLogs();
        }
    }

    /** Handles what the logs hold. */
    public void handleLogs() {
        List<LogEntry> entries = driver.events().drainEntries();
        if (!entries.isEmpty()) {
            port.enter(CallNames.FAULT, SystemBus.NO_REQUESTER, 0, 0, entries.size());
            entries.forEach(this::handle);
            port.leave(CallNames.FAULT, Errno.OK);
        }
        if (driver.has(FeatureDescriptor.PPR)) {
            refusePageRequests();
        }
    }

    private void handle(LogEntry entry) {
        for (HostEventHandler handler : handlers) {
            if (handler.handles(entry)) {
                return;
            }
        }
        if (unhandled.size() == MOST_KEPT_EVENTS) {
            unhandled.removeFirst();
        }
        unhandled.add(entry);
    }

    /** A host has no process whose pages it could make present. */
    private void refusePageRequests() {
        List<PageRequestRecord> requests = driver.pageRequests().drain();
        if (requests.isEmpty()) {
            return;
        }
        port.enter(CallNames.PAGE_REQUEST, SystemBus.NO_REQUESTER, 0, 0, requests.size());
        for (PageRequestRecord request : requests) {
            if (request.isLast()) {
                driver.commands()
                        .push(Command.completePageRequest(
                                request.requester(),
                                request.pasid(),
                                request.group(),
                                PageRequestDescriptor.RESPONSE_INVALID));
            }
        }
        int result = done(driver.commands().complete());
        port.leave(CallNames.PAGE_REQUEST, result);
    }

    /** Entries of the event log that nobody handled, oldest first, the last 1,024 of them. */
    public List<LogEntry> unhandledEvents() {
        return List.copyOf(unhandled);
    }

    private final class Interrupts implements EffectSink {
        @Override
        public void ownInterrupt(OwnInterrupt source, long address, int data) {
            isInterrupted = true;
        }
    }
}
