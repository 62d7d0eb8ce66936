package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.GuestEventDescriptor;
import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.HostRegisters;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpace.Outcome;
import org.iorewind.model.memory.MemoryStatus;

/**
 * What reads and writes of VF pages and VF-control slots do (amd-viommu reference 3).
 *
 * <p>The registers live in the image; that their backing in the private address space is mapped is a condition of every
 * access, and an access without it does nothing but leave a VIOMMU_HARDWARE_ERROR with Source 0 (MC-V22). With vIommuEn=0
 * nothing answers. Accesses are aligned ones of 4 or 8 bytes, as those of the host.
 *
 * <p>A run bit follows its enable bit like the host's, and a reserved length code keeps it 0. A change of base or length, but
 * not a write that leaves both, resets the pointers (MC-V23). Not thread-safe.
 */
final class GuestRegisters {
    private static final int WORD = 8;
    private static final long ALL_LANES = -1;
    private static final long EVENT_BASES = RegisterDescriptor.BASE_MASK | 0xF;
    private static final long LENGTH_B = 0xF0;
    private static final long PPR_BASES = RegisterDescriptor.BASE_MASK << 4 | 0xF;

    private final PrivateSpace space;
    private final IommuOptions options;
    private final EventReports events;
    private final GuestImages images;
    private final IdMaps maps;
    private final GuestRings rings;

    GuestRegisters(
            PrivateSpace space,
            IommuOptions options,
            EventReports events,
            GuestImages images,
            IdMaps maps,
            GuestRings rings) {
        this.space = space;
        this.options = options;
        this.events = events;
        this.images = images;
        this.maps = maps;
        this.rings = rings;
    }

    /** Reads a VF page. */
    long readPage(int guest, int offset, int sizeBytes) {
        if (!answersPage(guest, offset, sizeBytes, AccessKind.READ)) {
            return 0;
        }
        GuestImage image = images.find(guest);
        return image == null ? 0 : lanesOf(image.page(offset & -WORD), offset, sizeBytes);
    }

    /** Reads a VF-control slot. */
    long readControl(int guest, int offset, int sizeBytes) {
        if (!answers(guest, offset, sizeBytes, AccessKind.READ)) {
            return 0;
        }
        GuestImage image = images.find(guest);
        return image == null ? 0 : lanesOf(image.control(offset & -WORD), offset, sizeBytes);
    }

    private static long lanesOf(long word, int offset, int sizeBytes) {
        return sizeBytes == WORD ? word : word >>> shiftOf(offset) & 0xFFFF_FFFFL;
    }

    /** Writes a VF page. */
    void writePage(int guest, int offset, int sizeBytes, long value) {
        if (!answersPage(guest, offset, sizeBytes, AccessKind.WRITE)) {
            return;
        }
        int register = offset & -WORD;
        GuestImage image = images.find(guest);
        long lanes = lanes(offset, sizeBytes);
        long written = value << shiftOf(offset) & lanes;
        long old = image == null ? 0 : image.page(register);
        boolean isHeadLocked =
                register == GuestPageDescriptor.HEAD && image != null && image.isSet(StatusDescriptor.CMD_BUF_RUN);
        long writable = isHeadLocked ? 0 : GuestPageDescriptor.writable(register, options.extendedFeatures()) & lanes;
        long cleared = GuestPageDescriptor.clearedByOne(register) & written;
        long changed = (old & ~writable | written & writable) & ~cleared;
        if (changed != old) {
            images.get(guest).setPage(register, changed);
        }
        if (register == GuestPageDescriptor.TAIL || register == GuestPageDescriptor.HEAD) {
            rings.doorbell(guest);
        }
    }

    /** Writes a VF-control slot. */
    void writeControl(int guest, int offset, int sizeBytes, long value) {
        if (!answers(guest, offset, sizeBytes, AccessKind.WRITE)) {
            return;
        }
        int register = offset & -WORD;
        GuestImage image = images.find(guest);
        long lanes = lanes(offset, sizeBytes);
        long written = value << shiftOf(offset) & lanes;
        long writable = GuestControlDescriptor.writable(register) & lanes;
        long old = image == null ? 0 : image.control(register);
        long changed = old & ~writable | written & writable;
        if (changed != old) {
            images.get(guest).setControl(register, changed);
        }
        boolean isMap = register == GuestControlDescriptor.DEVICE_MAP || register == GuestControlDescriptor.DOMAIN_MAP;
        if (isMap && (written & MapDescriptor.COMMIT) != 0) {
            maps.commit(guest, register == GuestControlDescriptor.DEVICE_MAP, changed);
        } else if (changed != old) {
            sideEffect(images.get(guest), register, old, changed);
        }
    }

    private void sideEffect(GuestImage image, int register, long old, long now) {
        long changed = old ^ now;
        switch (register) {
            case GuestControlDescriptor.COMMAND -> {
                resetIf(
                        image,
                        changed & (RegisterDescriptor.BASE_MASK | 0xF),
                        RegisterDescriptor.COMMAND_HEAD,
                        RegisterDescriptor.COMMAND_TAIL);
                follow(image, old, now, StatusDescriptor.CMD_BUF_RUN, GuestControlDescriptor.length(now));
                rings.doorbell(image.guest());
            }
            case GuestControlDescriptor.EVENT -> eventWritten(image, old, now);
            case GuestControlDescriptor.PPR -> pprWritten(image, old, now);
            case GuestControlDescriptor.EVENT_BASE_B ->
                resetIf(image, changed, RegisterDescriptor.EVENT_HEAD_B, RegisterDescriptor.EVENT_TAIL_B);
            case GuestControlDescriptor.PPR_BASE_B ->
                resetIf(image, changed, RegisterDescriptor.PPR_HEAD_B, RegisterDescriptor.PPR_TAIL_B);
            default -> {
                // registers without a side effect
            }
        }
    }

    private void eventWritten(GuestImage image, long old, long now) {
        long changed = old ^ now;
        resetIf(image, changed & EVENT_BASES, RegisterDescriptor.EVENT_HEAD, RegisterDescriptor.EVENT_TAIL);
        resetIf(image, changed & LENGTH_B, RegisterDescriptor.EVENT_HEAD_B, RegisterDescriptor.EVENT_TAIL_B);
        if (isStarting(old, now)) {
            image.clear(StatusDescriptor.EVENT_OVERFLOW | StatusDescriptor.EVENT_OVERFLOW_B);
        }
        boolean hasB = (options.extendedFeatures() & DualLogDescriptor.EVENT_SUPPORT) != 0;
        boolean isB = select(
                image, old, now, GuestControlDescriptor.DUAL_EVENT_SHIFT, StatusDescriptor.EVENT_LOG_ACTIVE, hasB);
        int length = isB ? GuestControlDescriptor.lengthB(now) : GuestControlDescriptor.length(now);
        follow(image, old, now, StatusDescriptor.EVENT_LOG_RUN, length);
    }

    private void pprWritten(GuestImage image, long old, long now) {
        long changed = old ^ now;
        resetIf(image, changed & PPR_BASES, RegisterDescriptor.PPR_HEAD, RegisterDescriptor.PPR_TAIL);
        resetIf(image, changed & LENGTH_B, RegisterDescriptor.PPR_HEAD_B, RegisterDescriptor.PPR_TAIL_B);
        if (isStarting(old, now)) {
            image.clear(StatusDescriptor.PPR_OVERFLOW | StatusDescriptor.PPR_OVERFLOW_B);
        }
        boolean hasB = (options.extendedFeatures() & DualLogDescriptor.PPR_SUPPORT) != 0;
        boolean isB =
                select(image, old, now, GuestControlDescriptor.DUAL_PPR_SHIFT, StatusDescriptor.PPR_LOG_ACTIVE, hasB);
        int length = isB ? GuestControlDescriptor.lengthB(now) : GuestControlDescriptor.length(now);
        follow(image, old, now, StatusDescriptor.PPR_LOG_RUN, length);
    }

    private static void resetIf(GuestImage image, long changed, int head, int tail) {
        if (changed != 0) {
            image.setPage(GuestPageDescriptor.offset(head), 0);
            image.setPage(GuestPageDescriptor.offset(tail), 0);
        }
    }

    /** A log begins with the buffer that its code names, when it is enabled and when the code changes. */
    private static boolean select(GuestImage image, long old, long now, int shift, long active, boolean hasB) {
        int code = DualLogDescriptor.code(now, shift);
        if (hasB && (isStarting(old, now) || code != DualLogDescriptor.code(old, shift))) {
            if (DualLogDescriptor.beginsWithB(code)) {
                image.raise(active);
            } else {
                image.clear(active);
            }
        }
        return image.isSet(active);
    }

    private static void follow(GuestImage image, long old, long now, long run, int length) {
        if ((now & GuestControlDescriptor.ENABLE) == 0) {
            image.clear(run);
        } else if (isStarting(old, now) && length >= RegisterDescriptor.RING_LENGTH_SMALLEST) {
            image.raise(run);
        }
    }

    private static boolean isStarting(long old, long now) {
        return (now & ~old & GuestControlDescriptor.ENABLE) != 0;
    }

    private boolean answersPage(int guest, int offset, int sizeBytes, AccessKind access) {
        return offset < GuestPageDescriptor.END && answers(guest, offset, sizeBytes, access);
    }

    private boolean answers(int guest, int offset, int sizeBytes, AccessKind access) {
        if (!space.isOn() || !HostRegisters.isAligned(offset, sizeBytes)) {
            return false;
        }
        long backing = PrivateSpaceDescriptor.registers(guest);
        Outcome outcome = space.translate(guest, backing, access, 0);
        if (outcome == Outcome.FAULT) {
            int flags = access.isWrite() ? EventDescriptor.FLAG_RW : 0;
            events.virtualHardwareError(guest, GuestEventDescriptor.SOURCE_REGISTERS, flags, MemoryStatus.OK, backing);
        }
        return outcome == Outcome.FOUND;
    }

    private static long lanes(int offset, int sizeBytes) {
        return sizeBytes == WORD ? ALL_LANES : 0xFFFF_FFFFL << shiftOf(offset);
    }

    private static int shiftOf(int offset) {
        return (offset & WORD - 1) * 8;
    }
}
