package org.iorewind.model.platform.host;

import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * iommufd as a VMM of today uses it: objects by number, on the same code as {@link ViommuCalls} (amd-viommu reference 7.5). Calls
 * that make an object give its number or a negative errno. An object that another needs cannot be destroyed. Not thread-safe.
 *
 * <pre>
 *   device ──▶ hwpt (paging, nest parent) ──▶ ioas
 *     │             ▲
 *     │          viommu ◀── vdevice, hw queue, vevent queue
 *     │             ▲
 *     └──────▶ hwpt (nested)
 * </pre>
 */
public final class Iommufd {
    /** EFR bits that a VMM may see (amd-viommu reference 7.5). */
    private static final long SHOWN = FeatureDescriptor.PPR
            | FeatureDescriptor.GUEST_TRANSLATION
            | FeatureDescriptor.GUEST_APIC
            | FeatureDescriptor.GUEST_IO
            | FeatureDescriptor.ENHANCED_PPR
            | 3L << FeatureDescriptor.GATS_SHIFT
            | 3L << FeatureDescriptor.GLX_SUPPORT_SHIFT
            | 0x1FL << FeatureDescriptor.PASID_MAX_SHIFT;

    private static final int SMALLEST_LENGTH = RegisterDescriptor.RING_LENGTH_SMALLEST;
    private static final int LARGEST_LENGTH = 15;

    private final ViommuDriver driver;
    private final HostDriver host;
    private final TreeMap<Integer, IommufdObject> objects = new TreeMap<>();
    private int lastId;

    /** Kinds of {@link #hwQueueAlloc}. */
    public enum QueueType {
        /** Command ring. */
        COMMAND(RegisterDescriptor.COMMAND_BASE),
        /** Event log. */
        EVENT(RegisterDescriptor.EVENT_BASE),
        /** PPR log. */
        PPR(RegisterDescriptor.PPR_BASE);

        private final int register;

        QueueType(int register) {
            this.register = register;
        }
    }

    /** No object is there. */
    public Iommufd(ViommuDriver driver) {
        this.driver = driver;
        this.host = driver.host();
    }

    // Address spaces and devices

    /** IOAS_ALLOC. */
    public int ioasAlloc() {
        return mark("IOAS_ALLOC", () -> add(new IommufdObject.Ioas(new IoAddressSpace(host, Integer.MAX_VALUE))));
    }

    /** IOAS_MAP; {@link Errno#NO_ENTRY} without the address space, or what {@link IoAddressSpace#map} says. */
    public int ioasMap(int ioas, long iova, long physical, long bytes, int rights) {
        return objects.get(ioas) instanceof IommufdObject.Ioas found
                ? found.space().map(iova, physical, bytes, rights)
                : Errno.NO_ENTRY;
    }

    /** IOAS_UNMAP; {@link Errno#NO_ENTRY} without the address space, or what {@link IoAddressSpace#unmap} says. */
    public int ioasUnmap(int ioas, long iova, long bytes) {
        return objects.get(ioas) instanceof IommufdObject.Ioas found
                ? found.space().unmap(iova, bytes)
                : Errno.NO_ENTRY;
    }

    /** A device is given to the VMM; {@link Errno#NO_DEVICE}, {@link Errno#BUSY} if it is already. */
    public int bind(int requester) {
        return mark("DEVICE_BIND", () -> {
            if (!host.driver().deviceTable().covers(requester)) {
                return Errno.NO_DEVICE;
            }
            boolean isBound = objects.values().stream()
                    .anyMatch(each -> each instanceof IommufdObject.Device found && found.requester == requester);
            return isBound ? Errno.BUSY : add(new IommufdObject.Device(requester));
        });
    }

    /** GET_HW_INFO: EFR of the IOMMU of a device as far as a VMM may see it, or 0 without the device. */
    public long hardwareFeatures(int device) {
        return objects.get(device) instanceof IommufdObject.Device
                ? host.driver().features() & SHOWN
                : 0;
    }

    /**
     * HWPT_ALLOC of tables for an address space.
     *
     * @param isNestParent whether guests' tables may stand on top
     * @return its number; {@link Errno#NO_ENTRY}; {@link Errno#NO_SPACE}
     */
    public int hwptAlloc(int device, int ioas, boolean isNestParent) {
        return mark("HWPT_ALLOC", () -> {
            boolean isDevice = objects.get(device) instanceof IommufdObject.Device;
            if (!isDevice || !(objects.get(ioas) instanceof IommufdObject.Ioas space)) {
                return Errno.NO_ENTRY;
            }
            HostDomain domain = host.createDomain();
            if (domain == null) {
                return Errno.NO_SPACE;
            }
            space.space().add(domain);
            return add(new IommufdObject.Paging(space, domain, isNestParent));
        });
    }

    /**
     * HWPT_ALLOC of a guest's tables on top of a nest parent.
     *
     * @param guestEntry device table entry as the guest wrote it
     * @return its number; {@link Errno#NO_ENTRY}; what {@link NestedEntry#check} says
     */
    public int hwptAllocNested(int viommu, DeviceEntryImage guestEntry) {
        return mark("HWPT_ALLOC", () -> {
            if (!(objects.get(viommu) instanceof IommufdObject.Guest found)) {
                return Errno.NO_ENTRY;
            }
            int checked = found.viommu().check(guestEntry);
            return checked == Errno.OK ? add(new IommufdObject.Nested(found, guestEntry)) : checked;
        });
    }

    /**
     * Attaches a device to tables, in place of those it had. Nested tables need its vdevice first.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_ENTRY}; {@link Errno#INVALID} for what is no tables; {@link Errno#NO_SPACE}
     */
    public int attach(int device, int hwpt) {
        return mark("ATTACH", () -> {
            if (!(objects.get(device) instanceof IommufdObject.Device found)) {
                return Errno.NO_ENTRY;
            }
            IommufdObject tables = objects.get(hwpt);
            int result = tables == null ? Errno.NO_ENTRY : attach(found, tables);
            if (result == Errno.OK && tables != null) {
                found.use(tables);
            }
            return result;
        });
    }

    private int attach(IommufdObject.Device device, IommufdObject tables) {
        IommufdObject.Vdevice vdevice = device.vdevice;
        if (tables instanceof IommufdObject.Nested nested) {
            return vdevice != null && vdevice.guest() == nested.guest()
                    ? nested.guest().viommu().attachNested(vdevice.guestDevice(), nested.entry())
                    : Errno.NO_ENTRY;
        }
        if (!(tables instanceof IommufdObject.Paging paging)) {
            return Errno.INVALID;
        }
        return vdevice != null && vdevice.guest().viommu().parent() == paging.domain()
                ? vdevice.guest().viommu().attachParent(vdevice.guestDevice())
                : host.attach(device.requester, paging.domain());
    }

    /** Lets nothing of a device pass; {@link Errno#NO_ENTRY} without the device. */
    public int detach(int device) {
        return mark("DETACH", () -> {
            if (!(objects.get(device) instanceof IommufdObject.Device found)) {
                return Errno.NO_ENTRY;
            }
            found.use(null);
            IommufdObject.Vdevice vdevice = found.vdevice;
            return vdevice == null
                    ? host.detach(found.requester)
                    : vdevice.guest().viommu().attachBlocked(vdevice.guestDevice());
        });
    }

    // vIOMMU

    /**
     * VIOMMU_ALLOC.
     *
     * @param number of the virtual machine
     * @param hwpt a nest parent
     * @return its number; {@link Errno#NO_ENTRY}; {@link Errno#INVALID} if the tables are no nest parent;
     *     {@link Errno#NO_DEVICE}, {@link Errno#NO_SPACE}
     */
    public int viommuAlloc(int number, int hwpt) {
        return mark("VIOMMU_ALLOC", () -> {
            if (!(objects.get(hwpt) instanceof IommufdObject.Paging parent)) {
                return Errno.NO_ENTRY;
            }
            if (!parent.isNestParent()) {
                return Errno.INVALID;
            }
            int guestId = driver.reserveGuestId(number);
            if (guestId < 0) {
                return guestId;
            }
            int result = driver.create(guestId, number, parent.domain());
            Viommu made = driver.guest(guestId);
            if (result != Errno.OK || made == null) {
                driver.giveBack(guestId);
                return result;
            }
            return add(new IommufdObject.Guest(parent, made));
        });
    }

    /** The guest behind a vIOMMU object. */
    public @Nullable Viommu viommu(int viommu) {
        return objects.get(viommu) instanceof IommufdObject.Guest found ? found.viommu() : null;
    }

    /** VDEVICE_ALLOC: a device gets the DeviceID by which the guest knows it; what {@link Viommu#attachDevice} says. */
    public int vdeviceAlloc(int viommu, int device, int guestDevice) {
        return mark("VDEVICE_ALLOC", () -> {
            if (!(objects.get(viommu) instanceof IommufdObject.Guest guest)
                    || !(objects.get(device) instanceof IommufdObject.Device found)) {
                return Errno.NO_ENTRY;
            }
            if (found.vdevice != null) {
                return Errno.EXISTS;
            }
            int result = guest.viommu().attachDevice(found.requester, guestDevice);
            if (result != Errno.OK) {
                return result;
            }
            found.vdevice = new IommufdObject.Vdevice(guest, found, guestDevice);
            return add(found.vdevice);
        });
    }

    /**
     * HW_QUEUE_ALLOC: a ring or log in the guest's memory.
     *
     * @param index 0: second logs cannot be given so
     * @param lengthCode log2 of its entries, 8 to 15
     * @return its number; {@link Errno#NO_ENTRY} without the vIOMMU or the memory; {@link Errno#INVALID}; {@link Errno#EXISTS}
     */
    public int hwQueueAlloc(int viommu, QueueType type, int index, long guestAddress, int lengthCode) {
        return mark("HW_QUEUE_ALLOC", () -> {
            if (!(objects.get(viommu) instanceof IommufdObject.Guest guest)) {
                return Errno.NO_ENTRY;
            }
            boolean isPlaced = (guestAddress & ~RegisterDescriptor.BASE_MASK) == 0;
            if (index != 0 || !isPlaced || lengthCode < SMALLEST_LENGTH || lengthCode > LARGEST_LENGTH) {
                return Errno.INVALID;
            }
            boolean isThere = objects.values().stream()
                    .anyMatch(each -> each instanceof IommufdObject.HwQueue queue
                            && queue.guest() == guest
                            && queue.type() == type);
            return isThere ? Errno.EXISTS : setUp(guest, type, guestAddress, lengthCode);
        });
    }

    private int setUp(IommufdObject.Guest guest, QueueType type, long guestAddress, int lengthCode) {
        long bytes = (long) RegisterDescriptor.RING_ENTRY_BYTES << lengthCode;
        boolean isMemory = guest.parent().domain().translate(guestAddress) >= 0
                && guest.parent().domain().translate(guestAddress + bytes - 1) >= 0;
        if (!isMemory) {
            return Errno.NO_ENTRY;
        }
        if (type == QueueType.COMMAND && driver.areBuffersFixed()) {
            guest.viommu().mapCommandBuffer(guestAddress, bytes);
        }
        long base = guestAddress | (long) lengthCode << RegisterDescriptor.RING_LENGTH_SHIFT;
        guest.viommu().writeRegister(type.register, Long.BYTES, base);
        return add(new IommufdObject.HwQueue(guest, type));
    }

    /** Sets the flags of all queues of a vIOMMU, as the guest's control register has them. */
    public int setQueueFlags(int viommu, long control) {
        return mark(
                "VIOMMU_SET",
                () -> objects.get(viommu) instanceof IommufdObject.Guest guest
                        ? guest.viommu().writeRegister(RegisterDescriptor.CONTROL, Long.BYTES, control)
                        : Errno.NO_ENTRY);
    }

    /**
     * VEVENTQ_ALLOC.
     *
     * @param depth how many events may wait, from 1
     * @return its number; {@link Errno#NO_ENTRY}; {@link Errno#INVALID}
     */
    public int veventqAlloc(int viommu, int depth) {
        return mark("VEVENTQ_ALLOC", () -> {
            if (!(objects.get(viommu) instanceof IommufdObject.Guest guest)) {
                return Errno.NO_ENTRY;
            }
            if (depth < 1) {
                return Errno.INVALID;
            }
            guest.viommu().events().setDepth(depth);
            return add(new IommufdObject.Veventq(guest));
        });
    }

    /** Reads an event with the guest's IDs, or nothing if none waits. */
    public @Nullable LogEntry readEvent(int veventq) {
        return objects.get(veventq) instanceof IommufdObject.Veventq queue
                ? queue.guest().viommu().events().poll()
                : null;
    }

    // All objects

    /** DESTROY: {@link Errno#OK}, {@link Errno#NO_ENTRY}, {@link Errno#BUSY} while another object needs it. */
    public int destroy(int id) {
        return mark("DESTROY", () -> {
            IommufdObject object = objects.get(id);
            if (object == null) {
                return Errno.NO_ENTRY;
            }
            if (object.users() > 0) {
                return Errno.BUSY;
            }
            objects.remove(id);
            object.end(driver);
            return Errno.OK;
        });
    }

    private int add(IommufdObject object) {
        lastId++;
        objects.put(lastId, object);
        return lastId;
    }

    private int mark(String call, IntSupplier body) {
        String name = CallNames.IOMMUFD_PREFIX + call;
        driver.bus().enter(SystemBus.HOST, name, SystemBus.NO_REQUESTER, 0, 0, 0);
        int result = body.getAsInt();
        driver.bus().leave(SystemBus.HOST, name, Math.min(result, Errno.OK));
        return result;
    }
}
