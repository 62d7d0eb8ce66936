package org.iorewind.model.platform.guest;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.log.PageRequestDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.Gcr3Table;
import org.iorewind.model.platform.driver.GuestPageTable;
import org.iorewind.model.platform.driver.IommuDriver;
import org.iorewind.model.platform.driver.PageRequestRecord;

/**
 * Shared virtual memory: devices that use the address spaces of processes, by PASIDs (reference 5.2, 6.2). A PASID is that of
 * the process, the same for all devices, as in Linux. The worst request of a group
 * decides the answer (MC-V42). Not thread-safe.
 *
 * <pre>
 *   bind:  GCR3 entry of the PASID ──▶ the process's v2 table; 03h, 04h, 01h
 *   a page is missing: device ──▶ PPR log ──▶ handlePageRequests: page, table entry ──▶ 07h ──▶ device
 * </pre>
 */
public final class SharedSpaces {
    private static final int PAGE_BYTES = 4096;
    private static final int GROUP_BITS = 9;

    private final IommuDriver driver;
    private final Attachments attachments;
    private final Invalidator invalidator;
    private final GuestOptions options;
    private final BitSet pasids = new BitSet();

    /** The worst response so far to page request groups that have not ended, by requester and group. */
    private final NavigableMap<Integer, Integer> openGroups = new TreeMap<>();

    SharedSpaces(IommuDriver driver, Attachments attachments, Invalidator invalidator, GuestOptions options) {
        this.driver = driver;
        this.attachments = attachments;
        this.invalidator = invalidator;
        this.options = options;
    }

    /** An address space for a process, without any page. */
    public ProcessSpace create() {
        int pasid = pasids.nextClearBit(1);
        pasids.set(pasid);
        return new ProcessSpace(
                pasid, new GuestPageTable(port(), options.guestLevels(), options.pageSizes(), options.emptyTables()));
    }

    /**
     * Ends an address space and gives its memory back.
     *
     * @return {@link Errno#OK}, or {@link Errno#BUSY} while a device is bound to it
     */
    public int destroy(ProcessSpace space) {
        if (!space.devices().isEmpty()) {
            return Errno.BUSY;
        }
        for (long page : space.populated().values()) {
            port().free(page, PAGE_BYTES);
        }
        space.populated().clear();
        space.table().destroy();
        pasids.clear(space.pasid());
        return Errno.OK;
    }

    /**
     * Gives a device an address space.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_DEVICE} if it is not attached; {@link Errno#NOT_SUPPORTED} if it has no v2 tables;
     *     {@link Errno#RANGE} if it cannot send the PASID; {@link Errno#EXISTS} if it has it already; {@link Errno#TIMED_OUT}
     */
    public int bind(int requester, ProcessSpace space) {
        AttachedDevice device = attachments.find(requester);
        if (device == null) {
            return Errno.NO_DEVICE;
        }
        Gcr3Table gcr3 = device.gcr3();
        if (gcr3 == null) {
            return Errno.NOT_SUPPORTED;
        }
        if (space.pasid() >>> device.traits().pasidBits() != 0) {
            return Errno.RANGE;
        }
        port().enter(CallNames.BIND, requester, 0, space.pasid(), 0);
        int result = gcr3.set(space.pasid(), space.table().root());
        if (result == Errno.OK) {
            device.spaces().put(space.pasid(), space);
            space.devices().add(device);
            result = invalidator.space(device, space.pasid(), AddressSpan.EVERYTHING, true);
        }
        port().leave(CallNames.BIND, result);
        return result;
    }

    /**
     * Takes an address space away from a device.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_ENTRY} if it does not have it; {@link Errno#TIMED_OUT}
     */
    public int unbind(int requester, ProcessSpace space) {
        AttachedDevice device = attachments.find(requester);
        Gcr3Table gcr3 = device == null ? null : device.gcr3();
        if (device == null || gcr3 == null || device.spaces().remove(space.pasid()) == null) {
            return Errno.NO_ENTRY;
        }
        port().enter(CallNames.UNBIND, requester, 0, space.pasid(), 0);
        space.devices().remove(device);
        gcr3.clear(space.pasid());
        int result = invalidator.space(device, space.pasid(), AddressSpan.EVERYTHING, true);
        port().leave(CallNames.UNBIND, result);
        return result;
    }

    /**
     * Reserves an area whose pages come on demand.
     *
     * @param address guest virtual, a multiple of 4096, in the lower half
     * @param bytes a positive multiple of 4096
     * @param rights 1 read, 2 write
     */
    public void reserve(ProcessSpace space, long address, long bytes, int rights) {
        space.reserve(address, bytes, rights);
    }

    /**
     * Maps guest memory into an address space.
     *
     * @return as {@link org.iorewind.model.platform.driver.IoPageTable#map}, or {@link Errno#TIMED_OUT}
     */
    public int map(ProcessSpace space, long address, long physical, long bytes, int rights) {
        port().enter(CallNames.MAP, SystemBus.NO_REQUESTER, address, physical, bytes);
        int result = space.table().map(address, physical, bytes, rights);
        if (result == Errno.OK && (options.notPresentCached() || space.table().hasUnlinked())) {
            result = flush(space, AddressSpan.of(address, bytes));
        }
        port().leave(CallNames.MAP, result);
        return result;
    }

    /**
     * Unmaps a range of an address space, pages that came on demand too.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_ENTRY} if nothing was mapped; {@link Errno#TIMED_OUT}
     */
    public int unmap(ProcessSpace space, long address, long bytes) {
        port().enter(CallNames.UNMAP, SystemBus.NO_REQUESTER, address, 0, bytes);
        int result = Errno.NO_ENTRY;
        if (space.table().unmap(address, bytes) != 0) {
            result = flush(space, AddressSpan.of(address, bytes));
            Map<Long, Long> gone = space.populated().subMap(address, address + bytes);
            for (long page : gone.values()) {
                port().free(page, PAGE_BYTES);
            }
            gone.clear();
        }
        port().leave(CallNames.UNMAP, result);
        return result;
    }

    private int flush(ProcessSpace space, AddressSpan span) {
        for (AttachedDevice device : space.devices()) {
            invalidator.sendSpace(device, space.pasid(), span, space.table().hasUnlinked());
        }
        int result = space.devices().isEmpty() ? Errno.OK : invalidator.complete();
        space.table().release();
        return result;
    }

    /**
     * Takes page requests out of the log and answers the groups that have ended: with success where all their pages are there
     * now, as invalid otherwise. Requests without PASID are invalid, as in Linux.
     *
     * @return how many groups were answered, or {@link Errno#TIMED_OUT}
     */
    public int handlePageRequests() {
        port().enter(CallNames.PAGE_REQUEST, SystemBus.NO_REQUESTER, 0, 0, 0);
        List<Command> answers = new ArrayList<>();
        for (PageRequestRecord request : driver.pageRequests().drain()) {
            handle(request, answers);
        }
        for (Command answer : answers) {
            driver.commands().push(answer);
        }
        int result = answers.isEmpty() ? 0 : invalidator.complete();
        port().leave(CallNames.PAGE_REQUEST, result);
        return result == Errno.OK ? answers.size() : result;
    }

    private void handle(PageRequestRecord request, List<Command> answers) {
        if (isStopMarker(request)) {
            return;
        }
        int key = request.requester() << GROUP_BITS | request.group();
        int response = openGroups.merge(key, response(request), Math::max);
        if (request.isLast()) {
            openGroups.remove(key);
            answers.add(Command.completePageRequest(request.requester(), request.pasid(), request.group(), response));
        }
    }

    private static boolean isStopMarker(PageRequestRecord request) {
        return request.pasid() != EffectSink.NO_PASID
                && request.isLast()
                && (request.rights() & AccessKind.RIGHTS_ALL) == 0;
    }

    private int response(PageRequestRecord request) {
        AttachedDevice device = attachments.find(request.requester());
        ProcessSpace space = device == null ? null : device.spaces().get(request.pasid());
        boolean isThere = space != null && populate(space, request);
        return isThere ? PageRequestDescriptor.RESPONSE_SUCCESS : PageRequestDescriptor.RESPONSE_INVALID;
    }

    private boolean populate(ProcessSpace space, PageRequestRecord request) {
        int rights = space.rightsAt(request.address());
        int wanted = request.rights() & AccessKind.RIGHTS_ALL;
        if ((wanted & ~rights) != 0 || rights == 0) {
            return false;
        }
        if (space.table().translate(request.address()) >= 0) {
            return true;
        }
        long page = port().allocate(PAGE_BYTES, PAGE_BYTES);
        port().clear(MemoryRole.DATA, page, PAGE_BYTES);
        space.populated().put(request.address(), page);
        return map(space, request.address(), page, PAGE_BYTES, rights) == Errno.OK;
    }

    private DriverPort port() {
        return driver.port();
    }
}
