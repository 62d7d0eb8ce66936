package org.iorewind.model.platform.vmm;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.virtual.GuestPageDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.ExitCause;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.host.NestedEntry;
import org.iorewind.model.platform.host.ViommuCalls;

/**
 * {@code amd-viommu}: an IOMMU whose work the physical one does. The VMM traps the first 4 KiB of its registers and the guest's
 * stores to its device table, and passes both on to the host's driver; the rest is between the guest and hardware (amd-viommu
 * reference 7.3, 10.4). Not thread-safe.
 *
 * <pre>
 *   first 4 KiB  ── exit ──▶ VIOMMU_MMIO_ACCESS, VIOMMU_CMDBUF_MAP_UPDATE
 *   third 4 KiB  ─────────▶ VF page (DIRECT), or exit and VIOMMU_MMIO_ACCESS (TRAPPED)
 *   device table ── exit ──▶ blocked, the guest's memory, or nested
 * </pre>
 */
public final class HardwareViommu implements VirtualIommu {
    private static final int GCR3_TWO_LEVELS = 1;
    private static final int PASID_SIXTEEN_BITS = 15;

    /** EFR bits that a guest may see as the host has them (amd-viommu reference 8; IASup by MC-V56). */
    private static final long SHOWN = FeatureDescriptor.PPR
            | FeatureDescriptor.XT
            | FeatureDescriptor.GUEST_TRANSLATION
            | FeatureDescriptor.GUEST_APIC
            | FeatureDescriptor.INVALIDATE_ALL
            | FeatureDescriptor.GUEST_IO
            | FeatureDescriptor.ENHANCED_PPR
            | 3L << FeatureDescriptor.GATS_SHIFT;

    private final VirtualMachine machine;
    private final int index;
    private final ViommuCalls calls;
    private final NestParent parent;
    private final ViommuExposure exposure;
    private final RegisterImage registers = new RegisterImage();
    private final Map<Integer, Passthrough> devices = new TreeMap<>();
    private final Set<GuestSignal> signals = EnumSet.noneOf(GuestSignal.class);
    private int guestId = Errno.NO_DEVICE;
    private int refused;

    /**
     * An IOMMU that is not plugged in yet.
     *
     * @param index among the machine's IOMMUs, from 0
     * @param calls of the driver of the physical IOMMU that does the work
     * @param parent the machine's memory in a domain of that IOMMU
     */
    public HardwareViommu(
            VirtualMachine machine, int index, ViommuCalls calls, NestParent parent, ViommuExposure exposure) {
        this.machine = machine;
        this.index = index;
        this.calls = calls;
        this.parent = parent;
        this.exposure = exposure;
    }

    /**
     * Has the host make a guest of it.
     *
     * @return {@link Errno#OK}, or what {@link ViommuCalls#vmInit} refuses with
     */
    public int plug() {
        int result = calls.vmInit(machine.number(), parent.domain());
        if (result < 0) {
            return result;
        }
        guestId = result;
        Objects.requireNonNull(calls.driver().guest(guestId)).onSignal(signals::add);
        machine.add(this);
        return Errno.OK;
    }

    /** Ends the guest; its devices keep the machine's memory. */
    public int unplug() {
        devices.clear();
        return calls.vmDestroy(guestId);
    }

    /** GuestID, or a negative value before {@link #plug}. */
    public int guestId() {
        return guestId;
    }

    // Registers

    @Override
    public void write(int offset, int sizeBytes, long value) {
        int register = RegisterImage.register(offset);
        if (isPage(register)) {
            writePage(offset, sizeBytes, value);
        } else {
            exit(offset);
            if (registers.write(offset, sizeBytes, value)) {
                act(register, registers.get(register));
            }
        }
        settle();
    }

    private void writePage(int offset, int sizeBytes, long value) {
        if (exposure == ViommuExposure.DIRECT) {
            machine.bus().writeRegister(machine.number(), iommu(), RegisterSpace.VF, pageAt(offset), sizeBytes, value);
        } else {
            exit(offset);
            calls.mmioWrite(guestId, offset, sizeBytes, value);
        }
    }

    private void act(int register, long value) {
        switch (register) {
            case RegisterDescriptor.DEVICE_TABLE_BASE -> {
                calls.mmioWrite(guestId, register, Long.BYTES, value);
                long base = RegisterDescriptor.base(value);
                long bytes = (long) RegisterDescriptor.deviceEntries(value) * DeviceEntryDescriptor.BYTES;
                machine.watch(this, base, bytes, (address, count) -> followStores(base, address, count));
                devices.values().forEach(this::follow);
            }
            case RegisterDescriptor.COMMAND_BASE -> {
                if (calls.driver().areBuffersFixed()) {
                    long bytes = (long) RegisterDescriptor.ringEntries(value) * RegisterDescriptor.RING_ENTRY_BYTES;
                    calls.commandBufferUpdate(guestId, RegisterDescriptor.base(value), bytes);
                }
                calls.mmioWrite(guestId, register, Long.BYTES, value);
            }
            case RegisterDescriptor.CONTROL -> {
                calls.mmioWrite(guestId, register, Long.BYTES, value);
                devices.values().forEach(this::follow);
            }
            case RegisterDescriptor.EVENT_BASE,
                    RegisterDescriptor.EVENT_BASE_B,
                    RegisterDescriptor.PPR_BASE,
                    RegisterDescriptor.PPR_BASE_B,
                    RegisterDescriptor.XT_GENERAL_INTERRUPT,
                    RegisterDescriptor.XT_PPR_INTERRUPT,
                    RegisterDescriptor.XT_GUEST_APIC_INTERRUPT -> calls.mmioWrite(guestId, register, Long.BYTES, value);
            default -> {
                // The VMM remembers it; hardware has no place for it.
            }
        }
    }

    @Override
    public long read(int offset, int sizeBytes) {
        int register = RegisterImage.register(offset);
        if (isPage(register) && exposure == ViommuExposure.DIRECT) {
            return machine.bus().readRegister(machine.number(), iommu(), RegisterSpace.VF, pageAt(offset), sizeBytes);
        }
        exit(offset);
        if (isPage(register)) {
            calls.mmioRead(guestId, offset, sizeBytes);
            return calls.value();
        }
        long value = switch (register) {
            case RegisterDescriptor.EXTENDED_FEATURES -> features();
            case RegisterDescriptor.EXTENDED_FEATURES_2 -> 0;
            default -> registers.get(register);
        };
        return RegisterImage.part(value, offset, sizeBytes);
    }

    /** EFR of the guest: some of the host's, with at most two levels of GCR3 tables and PASIDs of 16 bits. */
    private long features() {
        long host = parent.host().driver().features();
        long levels = Math.min(FeatureDescriptor.gcr3Levels(host) - 1, GCR3_TWO_LEVELS);
        long pasids = Math.min(FeatureDescriptor.pasidBits(host) - 1, PASID_SIXTEEN_BITS);
        return host & SHOWN
                | levels << FeatureDescriptor.GLX_SUPPORT_SHIFT
                | pasids << FeatureDescriptor.PASID_MAX_SHIFT;
    }

    private static boolean isPage(int register) {
        int page = register - RegisterDescriptor.COMMAND_HEAD;
        return page >= 0 && page < GuestPageDescriptor.BYTES;
    }

    private int pageAt(int offset) {
        return guestId * GuestPageDescriptor.BYTES + offset - RegisterDescriptor.COMMAND_HEAD;
    }

    private void exit(int offset) {
        long address = FIRST_WINDOW + (long) index * WINDOW_BYTES + offset;
        machine.bus().vmExit(machine.number(), ExitCause.MMIO, address);
    }

    @Override
    public void settle() {
        List<GuestSignal> raised = List.copyOf(signals);
        signals.clear();
        raised.forEach(signal -> machine.inject(this, signal));
    }

    // Devices

    /**
     * Puts a device of the host behind this IOMMU; the host must have it behind the same physical one.
     *
     * @return {@link Errno#OK}, or what {@link ViommuCalls#deviceAttach} refuses with
     */
    public int attach(int hostDevice, int guestDevice) {
        int result = calls.deviceAttach(guestId, hostDevice, guestDevice);
        if (result == Errno.OK) {
            Passthrough device = new Passthrough(hostDevice, guestDevice);
            devices.put(guestDevice, device);
            follow(device);
        }
        return result;
    }

    /** Takes a device out; {@link Errno#OK} or {@link Errno#NO_ENTRY}. */
    public int detach(int guestDevice) {
        devices.remove(guestDevice);
        return calls.deviceDetach(guestId, guestDevice);
    }

    private void followStores(long base, long address, long bytes) {
        long first = (address - base) / DeviceEntryDescriptor.BYTES;
        long last = (address + bytes - 1 - base) / DeviceEntryDescriptor.BYTES;
        for (Passthrough device : devices.values()) {
            if (device.guestDevice >= first && device.guestDevice <= last) {
                follow(device);
            }
        }
    }

    /** Recomputes from the whole entry, and acts when it has changed what hardware is to do (amd-viommu reference 10.4). */
    private void follow(Passthrough device) {
        DeviceEntryImage wanted = wanted(device.guestDevice);
        if (!wanted.equals(device.entry)) {
            device.entry = wanted;
            apply(device, wanted);
        }
    }

    /** The guest's entry of a device as far as it matters; {@link DeviceEntryImage#OPEN} stands for all of its memory. */
    private DeviceEntryImage wanted(int guestDevice) {
        if ((registers.get(RegisterDescriptor.CONTROL) & ControlDescriptor.IOMMU_EN) == 0) {
            return DeviceEntryImage.OPEN;
        }
        long table = registers.get(RegisterDescriptor.DEVICE_TABLE_BASE);
        if (guestDevice >= RegisterDescriptor.deviceEntries(table)) {
            return DeviceEntryImage.BLOCKED;
        }
        long at = RegisterDescriptor.base(table) + (long) guestDevice * DeviceEntryDescriptor.BYTES;
        int words = DeviceEntryDescriptor.QUADWORDS;
        machine.bus().note(machine.owner(), CallNames.SOFTWARE_READ, guestDevice, at, 0, words);
        DeviceEntryImage entry = machine.loadEntry(at);
        int rights = (int) (entry.quadword0() >>> DeviceEntryDescriptor.RIGHTS_SHIFT) & AccessKind.RIGHTS_ALL;
        if (!NestedEntry.isOpen(entry) || rights == 0) {
            return DeviceEntryImage.BLOCKED;
        }
        boolean isIdentity = !NestedEntry.isGuestTranslated(entry)
                && (entry.quadword0() >>> DeviceEntryDescriptor.MODE_SHIFT & DeviceEntryDescriptor.MODE_MASK) == 0;
        return isIdentity ? DeviceEntryImage.OPEN : entry;
    }

    private void apply(Passthrough device, DeviceEntryImage entry) {
        int guestDevice = device.guestDevice;
        if (entry.equals(DeviceEntryImage.OPEN)) {
            calls.attachParent(guestId, guestDevice);
        } else if (entry.equals(DeviceEntryImage.BLOCKED)) {
            calls.attachBlocked(guestId, guestDevice);
        } else {
            int result = calls.attachNested(guestId, guestDevice, entry);
            if (result != Errno.OK) {
                refused++;
                calls.attachBlocked(guestId, guestDevice);
            }
        }
    }

    /** How often the host refused an entry that the guest wrote; the device is blocked then. */
    public int refusedEntries() {
        return refused;
    }

    /**
     * A passthrough device sends an interrupt, which the host's table leads to the VMM; the guest gets the message that it has put
     * into the device, since guests' interrupts are not remapped here (amd-viommu reference 11).
     *
     * @param hostAddress address of the message that the host has put into the device
     * @param hostData data of that message
     * @param guestAddress address of the message as the guest wrote it
     * @param guestData data of that message
     * @return {@link Errno#OK}; {@link Errno#NO_ENTRY} if the host's table lets nothing pass, or without the device
     */
    public int passthroughInterrupt(int guestDevice, long hostAddress, int hostData, long guestAddress, int guestData) {
        Passthrough device = devices.get(guestDevice);
        if (device == null) {
            return Errno.NO_ENTRY;
        }
        InterruptDecision decision = machine.bus().interrupt(iommu(), device.hostDevice, hostAddress, hostData);
        if (decision != InterruptDecision.REMAPPED && decision != InterruptDecision.PASSED) {
            return Errno.NO_ENTRY;
        }
        machine.injectMessage(guestDevice, guestAddress, guestData);
        return Errno.OK;
    }

    private int iommu() {
        return calls.driver().iommu();
    }

    private static final class Passthrough {
        private final int hostDevice;
        private final int guestDevice;

        /** What hardware does for it, {@link DeviceEntryImage#OPEN} after it was attached. */
        private DeviceEntryImage entry = DeviceEntryImage.OPEN;

        private Passthrough(int hostDevice, int guestDevice) {
            this.hostDevice = hostDevice;
            this.guestDevice = guestDevice;
        }
    }
}
