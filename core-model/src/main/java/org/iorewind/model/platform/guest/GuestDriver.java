package org.iorewind.model.platform.guest;

import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.EmptyTables;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.IoPageTable;
import org.iorewind.model.platform.driver.IommuDriver;
import org.jspecify.annotations.Nullable;

/**
 * A guest's driver of its IOMMU, and the DMA API above it (amd-viommu reference 8). Calls are marked with {@link CallNames};
 * devices are named by their DeviceIDs. Not thread-safe.
 *
 * <pre>
 *   map, unmap, protect ──▶ IovaAllocator, IoPageTable ──▶ Invalidator ──▶ CommandQueue
 *   attach, detach ───────▶ Attachments: device table, DomainIds ──┘
 *   sharedSpaces(), interrupts(), faults()
 * </pre>
 */
public final class GuestDriver {
    private static final long PAGE_BYTES = 4096;
    private static final long MOST_BYTES = 1L << 46;

    private final DriverPort port;
    private final GuestOptions options;
    private final IommuDriver driver;
    private final Invalidator invalidator;
    private final Attachments attachments;
    private final SharedSpaces sharedSpaces;
    private final InterruptTables interrupts;
    private final FaultLedger faults;

    /** A driver that has done nothing yet. */
    public GuestDriver(DriverPort port, GuestOptions options) {
        this.port = port;
        this.options = options;
        this.driver = new IommuDriver(port, options.driver());
        this.invalidator = new Invalidator(driver.commands(), options.notPresentCached(), options.bugs());
        this.attachments = new Attachments(driver, options, new DomainIds());
        this.sharedSpaces = new SharedSpaces(driver, attachments, invalidator, options);
        this.interrupts = new InterruptTables(driver, invalidator);
        this.faults = new FaultLedger(driver);
    }

    /** Brings the IOMMU up; see {@link IommuDriver#boot}. */
    public int boot() {
        return driver.boot();
    }

    /**
     * Gives a device a domain of its own.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_DEVICE} beyond the device table; {@link Errno#BUSY} if it has one; {@link
     *     Errno#NOT_SUPPORTED} if the hardware lacks the tables; {@link Errno#NO_SPACE}; {@link Errno#TIMED_OUT}
     */
    public int attach(int requester, DeviceTraits traits) {
        return attachTo(requester, traits, null, true);
    }

    /** The same in the domain of a device that is attached; {@link Errno#NO_ENTRY} if that one is not. */
    public int attachToDomainOf(int requester, DeviceTraits traits, int other) {
        AttachedDevice companion = attachments.find(other);
        return companion == null ? Errno.NO_ENTRY : attachTo(requester, traits, companion.domain(), true);
    }

    /** The same without translation: the device uses guest physical addresses. */
    public int attachUntranslated(int requester, DeviceTraits traits) {
        return attachTo(requester, traits, null, false);
    }

    private int attachTo(int requester, DeviceTraits traits, @Nullable DmaDomain given, boolean isTranslated) {
        int result = attachments.check(requester, traits, isTranslated);
        if (result != Errno.OK) {
            return result;
        }
        port.enter(CallNames.ATTACH, requester, 0, 0, 0);
        DmaDomain domain = given == null ? attachments.newDomain(isTranslated) : given;
        AttachedDevice device = domain == null ? null : attachments.join(requester, traits, domain);
        result = device == null ? Errno.NO_SPACE : invalidator.device(device);
        port.leave(CallNames.ATTACH, result);
        return result;
    }

    /**
     * Takes a device's domain away; it reaches nothing afterwards.
     *
     * @return {@link Errno#OK}, {@link Errno#NO_DEVICE} if it has none, {@link Errno#BUSY} while it is bound to a process, {@link
     *     Errno#TIMED_OUT}
     */
    public int detach(int requester) {
        AttachedDevice device = attachments.find(requester);
        if (device == null) {
            return Errno.NO_DEVICE;
        }
        if (!device.spaces().isEmpty()) {
            return Errno.BUSY;
        }
        port.enter(CallNames.DETACH, requester, 0, 0, 0);
        attachments.leave(device);
        int result = invalidator.device(device);
        attachments.forget(device);
        port.leave(CallNames.DETACH, result);
        return result;
    }

    /**
     * DMA API: lets a device reach guest memory.
     *
     * @param physical guest physical address, of any byte
     * @param bytes 1 to 2^46
     * @param rights 1 read, 2 write
     * @return the address for the device, or {@link Errno#NO_DEVICE}, {@link Errno#INVALID}, {@link Errno#NO_SPACE}, {@link
     *     Errno#TIMED_OUT}
     */
    public long map(int requester, long physical, long bytes, int rights) {
        AttachedDevice device = attachments.find(requester);
        if (device == null) {
            return Errno.NO_DEVICE;
        }
        IoPageTable table = device.domain().table();
        if (bytes <= 0 || bytes > MOST_BYTES) {
            return Errno.INVALID;
        }
        if (table == null) {
            return physical;
        }
        long offset = physical & PAGE_BYTES - 1;
        long size = wholePages(offset + bytes);
        long iova = device.domain().addresses().allocate(size);
        if (iova < 0) {
            return iova;
        }
        port.enter(CallNames.MAP, requester, iova, physical - offset, size);
        int result =
                mapPages(device.domain(), table, new AddressSpan(iova, iova + size - 1), physical - offset, rights);
        if (result != Errno.OK) {
            table.unmap(iova, size);
            device.domain().addresses().free(iova, size);
        }
        port.leave(CallNames.MAP, result);
        return result == Errno.OK ? iova | offset : result;
    }

    private int mapPages(DmaDomain domain, IoPageTable table, AddressSpan span, long physical, int rights) {
        long root = table.root();
        int unlinked = table.unlinked();
        int result = table.map(span.first(), physical, span.last() - span.first() + 1, rights);
        if (result == Errno.OK && table.root() != root) {
            result = followRoot(domain);
        }
        boolean needsFlush = options.notPresentCached() || table.unlinked() != unlinked;
        if (result == Errno.OK && needsFlush) {
            result = invalidator.pages(domain, span);
            releaseIfStrict(domain);
        }
        return result;
    }

    /** The tables have grown: the entries of all devices must name the new top table (reference 9.2). */
    private int followRoot(DmaDomain domain) {
        int result = Errno.OK;
        for (AttachedDevice device : domain.devices()) {
            attachments.writeEntries(device);
            result = Math.min(result, invalidator.device(device));
        }
        return result;
    }

    private void releaseIfStrict(DmaDomain domain) {
        if (domain.queue().isEmpty()) {
            domain.flushed();
        }
    }

    /**
     * DMA API: ends what {@link #map} began. Under a strict policy the device cannot reach the memory afterwards; under a lazy one
     * it can until the flush.
     *
     * @param iova as {@link #map} gave it
     * @param bytes as {@link #map} got them
     * @return {@link Errno#OK}, {@link Errno#NO_DEVICE}, {@link Errno#NO_ENTRY} if it is not mapped, {@link Errno#TIMED_OUT}
     */
    public int unmap(int requester, long iova, long bytes) {
        AttachedDevice device = attachments.find(requester);
        if (device == null) {
            return Errno.NO_DEVICE;
        }
        DmaDomain domain = device.domain();
        IoPageTable table = domain.table();
        if (table == null) {
            return Errno.OK;
        }
        AddressSpan span = pagesOf(iova, bytes);
        long size = span.last() - span.first() + 1;
        port.enter(CallNames.UNMAP, requester, span.first(), 0, size);
        int result = Errno.NO_ENTRY;
        if (table.unmap(span.first(), size) == size) {
            domain.queue().add(new DmaDomain.Queued(span.first(), size));
            result = afterUnmap(domain, span);
        }
        port.leave(CallNames.UNMAP, result);
        return result;
    }

    private int afterUnmap(DmaDomain domain, AddressSpan span) {
        if (options.bugs().strikes(DriverBug.NO_FLUSH_ON_UNMAP)) {
            domain.flushed();
            return Errno.OK;
        }
        if (options.effectivePolicy().isStrict()) {
            int result = invalidator.pages(domain, span);
            domain.flushed();
            return result;
        }
        boolean isFull = domain.queue().size() >= options.effectivePolicy().queued();
        return isFull || losesTables(domain) ? flush(domain) : Errno.OK;
    }

    /** Tables that went although neighbours may be mapped before the flush must not stay in caches. */
    private boolean losesTables(DmaDomain domain) {
        return options.emptyTables() == EmptyTables.UNLINKED && domain.hasUnlinked();
    }

    /**
     * DMA API: changes the rights of what {@link #map} began.
     *
     * @return {@link Errno#OK}, {@link Errno#NO_DEVICE}, {@link Errno#NO_ENTRY} if it is not mapped, {@link Errno#TIMED_OUT}
     */
    public int protect(int requester, long iova, long bytes, int rights) {
        AttachedDevice device = attachments.find(requester);
        if (device == null) {
            return Errno.NO_DEVICE;
        }
        IoPageTable table = device.domain().table();
        AddressSpan span = pagesOf(iova, bytes);
        long size = span.last() - span.first() + 1;
        if (table == null) {
            return Errno.OK;
        }
        port.enter(CallNames.PROTECT, requester, span.first(), 0, size);
        int result = Errno.NO_ENTRY;
        if (table.protect(span.first(), size, rights) == size) {
            result = options.bugs().strikes(DriverBug.NO_FLUSH_ON_DOWNGRADE)
                    ? Errno.OK
                    : invalidator.pages(device.domain(), span);
        }
        port.leave(CallNames.PROTECT, result);
        return result;
    }

    /**
     * What the timer of a lazy policy does: flushes every domain with unmaps that wait.
     *
     * @return {@link Errno#OK} or {@link Errno#TIMED_OUT}
     */
    public int tick() {
        int result = Errno.OK;
        for (AttachedDevice device : attachments.all()) {
            if (!device.domain().queue().isEmpty()) {
                result = Math.min(result, flush(device.domain()));
            }
        }
        return result;
    }

    private int flush(DmaDomain domain) {
        port.enter(CallNames.FLUSH, SystemBus.NO_REQUESTER, 0, 0, domain.queue().size());
        int result = invalidator.pages(domain, AddressSpan.EVERYTHING);
        domain.flushed();
        port.leave(CallNames.FLUSH, result);
        return result;
    }

    private static AddressSpan pagesOf(long iova, long bytes) {
        long first = iova & -PAGE_BYTES;
        return AddressSpan.of(first, wholePages(iova - first + bytes));
    }

    private static long wholePages(long bytes) {
        return bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
    }

    /** What the driver is made of: rings, logs, device table. */
    public IommuDriver iommu() {
        return driver;
    }

    /** Shared virtual memory. */
    public SharedSpaces sharedSpaces() {
        return sharedSpaces;
    }

    /** Interrupt remapping. */
    public InterruptTables interrupts() {
        return interrupts;
    }

    /** Faults. */
    public FaultLedger faults() {
        return faults;
    }
}
