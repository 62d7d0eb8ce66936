package org.iorewind.model.platform.host;

import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.jspecify.annotations.Nullable;

/** An object of {@link Iommufd}: counts who needs it. Not thread-safe. */
abstract class IommufdObject {
    private int users;

    /** How many objects need this one. */
    int users() {
        return users;
    }

    final void neededOnceMore() {
        users++;
    }

    final void neededOnceLess() {
        users--;
    }

    /** What to do when it is destroyed, which nobody needs any more. */
    void end(ViommuDriver driver) {}

    /** Mappings. */
    static final class Ioas extends IommufdObject {
        private final IoAddressSpace space;

        Ioas(IoAddressSpace space) {
            this.space = space;
        }

        IoAddressSpace space() {
            return space;
        }
    }

    /** A device of the host. */
    static final class Device extends IommufdObject {
        final int requester;

        @Nullable
        Vdevice vdevice;

        private @Nullable IommufdObject tables;

        Device(int requester) {
            this.requester = requester;
        }

        /** Is attached to other tables, or to none. */
        void use(@Nullable IommufdObject other) {
            if (tables != null) {
                tables.neededOnceLess();
            }
            tables = other;
            if (other != null) {
                other.neededOnceMore();
            }
        }

        @Override
        void end(ViommuDriver driver) {
            use(null);
            driver.host().detach(requester);
        }
    }

    /** Tables of the host. */
    static final class Paging extends IommufdObject {
        private final Ioas ioas;
        private final HostDomain domain;
        private final boolean isNestParent;

        Paging(Ioas ioas, HostDomain domain, boolean isNestParent) {
            this.ioas = ioas;
            this.domain = domain;
            this.isNestParent = isNestParent;
            ioas.neededOnceMore();
        }

        HostDomain domain() {
            return domain;
        }

        boolean isNestParent() {
            return isNestParent;
        }

        @Override
        void end(ViommuDriver driver) {
            ioas.space().remove(domain);
            ioas.neededOnceLess();
            driver.host().destroyDomain(domain);
        }
    }

    /** Tables of a guest on top of a nest parent. */
    static final class Nested extends IommufdObject {
        private final Guest guest;
        private final DeviceEntryImage entry;

        Nested(Guest guest, DeviceEntryImage entry) {
            this.guest = guest;
            this.entry = entry;
            guest.neededOnceMore();
        }

        Guest guest() {
            return guest;
        }

        DeviceEntryImage entry() {
            return entry;
        }

        @Override
        void end(ViommuDriver driver) {
            guest.neededOnceLess();
        }
    }

    /** A guest of hardware vIOMMU. */
    static final class Guest extends IommufdObject {
        private final Paging parent;
        private final Viommu viommu;

        Guest(Paging parent, Viommu viommu) {
            this.parent = parent;
            this.viommu = viommu;
            parent.neededOnceMore();
        }

        Paging parent() {
            return parent;
        }

        Viommu viommu() {
            return viommu;
        }

        @Override
        void end(ViommuDriver driver) {
            parent.neededOnceLess();
            driver.destroy(viommu.guestId());
        }
    }

    /** A device of a guest. */
    static final class Vdevice extends IommufdObject {
        private final Guest guest;
        private final Device device;
        private final int guestDevice;

        Vdevice(Guest guest, Device device, int guestDevice) {
            this.guest = guest;
            this.device = device;
            this.guestDevice = guestDevice;
            guest.neededOnceMore();
            device.neededOnceMore();
        }

        Guest guest() {
            return guest;
        }

        int guestDevice() {
            return guestDevice;
        }

        @Override
        void end(ViommuDriver driver) {
            device.vdevice = null;
            device.use(null);
            guest.viommu().detachDevice(guestDevice);
            guest.neededOnceLess();
            device.neededOnceLess();
        }
    }

    /** A ring or log of a guest. */
    static final class HwQueue extends IommufdObject {
        private final Guest guest;
        private final Iommufd.QueueType type;

        HwQueue(Guest guest, Iommufd.QueueType type) {
            this.guest = guest;
            this.type = type;
            guest.neededOnceMore();
        }

        Guest guest() {
            return guest;
        }

        Iommufd.QueueType type() {
            return type;
        }

        /** The queue is off: its enable bit, with all others of the control register. */
        @Override
        void end(ViommuDriver driver) {
            guest.viommu().writeRegister(RegisterDescriptor.CONTROL, Long.BYTES, 0);
            guest.neededOnceLess();
        }
    }

    /** Events of a guest. */
    static final class Veventq extends IommufdObject {
        private final Guest guest;

        Veventq(Guest guest) {
            this.guest = guest;
            guest.neededOnceMore();
        }

        Guest guest() {
            return guest;
        }

        @Override
        void end(ViommuDriver driver) {
            guest.neededOnceLess();
        }
    }
}
