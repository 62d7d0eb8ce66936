package org.iorewind.model.platform.vmm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.ExitCause;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.host.HostDomain;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.IoAddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * {@code amd-iommu}: an IOMMU that the VMM emulates. It is one more IOMMU of the model, which sees the guest's memory; the VMM
 * passes the guest's register accesses on, and acts upon what the IOMMU then tells. Not thread-safe.
 *
 * <pre>
 *   guest's driver ── exit ──▶ registers ──▶ emulated IOMMU ◀── DMA, interrupts of emulated devices
 *                                              │ commands taken, interrupts raised
 *                                              ▼
 *                     shadow tables ──▶ host's mappings ──▶ physical IOMMU ◀── DMA of passthrough devices
 * </pre>
 */
public final class SoftwareViommu implements VirtualIommu {
    private static final int MOST_MESSAGES = 1024;

    private final VirtualMachine machine;
    private final SoftwareOptions options;
    private final int index;
    private final int number;
    private final RegisterImage registers = new RegisterImage();
    private final Map<Integer, Passthrough> devices = new TreeMap<>();
    private final Deque<Command> commands = new ArrayDeque<>();
    private final Deque<Message> messages = new ArrayDeque<>();
    private final Set<GuestSignal> signals = EnumSet.noneOf(GuestSignal.class);

    /**
     * Adds an IOMMU to a machine.
     *
     * @param index among the machine's IOMMUs, from 0
     */
    public SoftwareViommu(VirtualMachine machine, int index, SoftwareOptions options) {
        this.machine = machine;
        this.options = options;
        this.index = index;
        this.number = machine.bus()
                .addIommu(new IommuDescription(
                        options.features(),
                        0,
                        options.remapsPassthrough(),
                        EventRouting.DIRECT,
                        machine.systemBase(),
                        machine.bytes()));
        machine.bus().listen(number, new Listener());
        machine.add(this);
    }

    /** Number of the emulated IOMMU; DMA of emulated devices goes there. */
    public int number() {
        return number;
    }

    // Registers

    @Override
    public void write(int offset, int sizeBytes, long value) {
        exit(offset);
        boolean acts = registers.write(offset, sizeBytes, value);
        machine.bus().writeRegister(machine.owner(), number, RegisterSpace.HOST, offset, sizeBytes, value);
        settle();
        int register = RegisterImage.register(offset);
        if (acts && (register == RegisterDescriptor.CONTROL || register == RegisterDescriptor.DEVICE_TABLE_BASE)) {
            devices.values().forEach(this::follow);
        }
    }

    @Override
    public long read(int offset, int sizeBytes) {
        exit(offset);
        return machine.bus().readRegister(machine.owner(), number, RegisterSpace.HOST, offset, sizeBytes);
    }

    private void exit(int offset) {
        long address = FIRST_WINDOW + (long) index * WINDOW_BYTES + offset;
        machine.bus().vmExit(machine.number(), ExitCause.MMIO, address);
    }

    @Override
    public void settle() {
        while (!commands.isEmpty()) {
            apply(commands.remove());
        }
        while (!messages.isEmpty()) {
            Message message = messages.remove();
            machine.injectMessage(message.requester, message.address, message.data);
        }
        signals.forEach(signal -> machine.inject(this, signal));
        signals.clear();
    }

    // Passthrough devices

    /**
     * Puts a device of the host behind this IOMMU.
     *
     * @param host driver of the IOMMU that the device is behind
     * @return {@link Errno#OK}; {@link Errno#NOT_SUPPORTED} without dma-remap; {@link Errno#NO_DEVICE};
     *     {@link Errno#EXISTS}; {@link Errno#NO_SPACE}
     */
    public int attach(HostDriver host, int hostDevice, int guestDevice) {
        if (!options.remapsPassthrough()) {
            return Errno.NOT_SUPPORTED;
        }
        if (devices.containsKey(guestDevice)) {
            return Errno.EXISTS;
        }
        HostDomain domain = host.createDomain();
        if (domain == null) {
            return Errno.NO_SPACE;
        }
        int result = host.attach(hostDevice, domain);
        if (result != Errno.OK) {
            host.destroyDomain(domain);
            return result;
        }
        IoAddressSpace space = IoAddressSpace.ofVfio(host);
        space.add(domain);
        Passthrough device =
                new Passthrough(host, hostDevice, guestDevice, domain, new ShadowTable(machine, space, guestDevice));
        devices.put(guestDevice, device);
        follow(device);
        return Errno.OK;
    }

    /**
     * Takes a device out, whose host entry lets nothing pass then.
     *
     * @return {@link Errno#OK} or {@link Errno#NO_ENTRY}
     */
    public int detach(int guestDevice) {
        Passthrough device = devices.remove(guestDevice);
        if (device == null) {
            return Errno.NO_ENTRY;
        }
        device.shadow.followOutside();
        device.host.detach(device.hostDevice);
        return device.host.destroyDomain(device.domain);
    }

    /** The shadow table of a passthrough device. */
    public @Nullable ShadowTable shadow(int guestDevice) {
        Passthrough device = devices.get(guestDevice);
        return device == null ? null : device.shadow;
    }

    private void follow(Passthrough device) {
        if ((registers.get(RegisterDescriptor.CONTROL) & ControlDescriptor.IOMMU_EN) == 0) {
            device.shadow.followNone();
            return;
        }
        long base = registers.get(RegisterDescriptor.DEVICE_TABLE_BASE);
        if (device.guestDevice >= RegisterDescriptor.deviceEntries(base)) {
            device.shadow.followOutside();
            return;
        }
        long at = RegisterDescriptor.base(base) + (long) device.guestDevice * DeviceEntryDescriptor.BYTES;
        machine.bus()
                .note(
                        machine.owner(),
                        CallNames.SOFTWARE_READ,
                        device.guestDevice,
                        at,
                        0,
                        DeviceEntryDescriptor.QUADWORDS);
        device.shadow.follow(machine.loadEntry(at));
    }

    private void apply(Command command) {
        switch (command.opcode()) {
            case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY -> {
                Passthrough device = devices.get(CommandDescriptor.requester(command.quadword0()));
                if (device != null) {
                    follow(device);
                }
            }
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES -> syncDomain(command);
            default -> syncAll();
        }
    }

    private void syncDomain(Command command) {
        AddressSpan span = new AddressSpan(
                CommandDescriptor.rangeFirst(command.quadword1()), CommandDescriptor.rangeLast(command.quadword1()));
        int domain = CommandDescriptor.domain(command.quadword0());
        for (Passthrough device : devices.values()) {
            if (device.shadow.isOfDomain(domain)) {
                device.shadow.sync(span);
            }
        }
    }

    private void syncAll() {
        devices.values().forEach(this::follow);
        for (Passthrough device : devices.values()) {
            if (device.shadow.isShadowed()) {
                device.shadow.sync(AddressSpan.EVERYTHING);
            }
        }
    }

    // Interrupts

    /**
     * A passthrough device sends an interrupt: the host's table leads it to the VMM, which remaps what the guest has put into the
     * device by the guest's table, and gives the guest the result.
     *
     * @param hostAddress address of the message that the host has put into the device
     * @param hostData data of that message
     * @param guestAddress address of the message as the guest wrote it
     * @param guestData data of that message
     * @return {@link Errno#OK}; {@link Errno#NO_ENTRY} if one of the tables lets nothing pass, or without the device
     */
    public int passthroughInterrupt(int guestDevice, long hostAddress, int hostData, long guestAddress, int guestData) {
        Passthrough device = devices.get(guestDevice);
        SystemBus bus = machine.bus();
        if (device == null
                || !isDelivered(bus.interrupt(device.host.iommu(), device.hostDevice, hostAddress, hostData))) {
            return Errno.NO_ENTRY;
        }
        InterruptDecision decision = bus.interrupt(number, guestDevice, guestAddress, guestData);
        settle();
        return isDelivered(decision) ? Errno.OK : Errno.NO_ENTRY;
    }

    private static boolean isDelivered(InterruptDecision decision) {
        return decision == InterruptDecision.REMAPPED || decision == InterruptDecision.PASSED;
    }

    private record Passthrough(
            HostDriver host, int hostDevice, int guestDevice, HostDomain domain, ShadowTable shadow) {}

    private record Message(int requester, long address, int data) {}

    /** Notes what the IOMMU tells; {@link #settle} acts upon it after the call. */
    private final class Listener implements EffectSink {
        @Override
        public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
            Command command = new Command(qword0, qword1);
            boolean matters = switch (command.opcode()) {
                case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY,
                        CommandDescriptor.INVALIDATE_IOMMU_PAGES,
                        CommandDescriptor.INVALIDATE_IOMMU_ALL -> true;
                default -> false;
            };
            if (matters && !devices.isEmpty()) {
                commands.add(command);
            }
        }

        @Override
        public void ownInterrupt(OwnInterrupt source, long address, int data) {
            GuestSignal signal = switch (source) {
                case COMPLETION_WAIT -> GuestSignal.COMPLETION_WAIT;
                case PPR_LOG -> GuestSignal.PPR_LOG;
                default -> GuestSignal.EVENT_LOG;
            };
            signals.add(signal);
        }

        @Override
        public void interrupt(
                int requester,
                InterruptDecision decision,
                long requestAddress,
                int requestData,
                long deliveredAddress,
                int deliveredData,
                int irteBytes,
                long irteAddress,
                long irteLow,
                long irteHigh) {
            if (isDelivered(decision) && messages.size() < MOST_MESSAGES) {
                messages.add(new Message(requester, deliveredAddress, deliveredData));
            }
        }
    }
}
