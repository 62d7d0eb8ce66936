package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.SystemBus;

/**
 * What a driver of an AMD IOMMU needs first, whatever machine it runs on: rings, logs and the device table, set up in Linux's
 * order (amd-viommu reference 8). Not thread-safe.
 *
 * <pre>
 *   off ─▶ device table base ─▶ command buffer ─▶ event log ─▶ PPR log ─▶ heads, tails ─▶ GTEn, GAEn ─▶ IommuEn ─▶ flush
 * </pre>
 */
public final class IommuDriver {
    private static final long RUNNING = ControlDescriptor.CMD_BUF_EN
            | ControlDescriptor.EVENT_LOG_EN
            | ControlDescriptor.EVENT_INT_EN
            | ControlDescriptor.PPR_LOG_EN
            | ControlDescriptor.PPR_INT_EN
            | ControlDescriptor.PPR_EN
            | ControlDescriptor.GA_LOG_EN
            | ControlDescriptor.GA_INT_EN;

    private final DriverPort port;
    private final DriverOptions options;
    private final ControlRegister control;
    private final CommandQueue commands;
    private final EventLogReader events;
    private final PageRequestLogReader pageRequests;
    private final DeviceTableWriter deviceTable;
    private long features;
    private long features2;

    /** A driver that has done nothing yet. */
    public IommuDriver(DriverPort port, DriverOptions options) {
        this.port = port;
        this.options = options;
        this.control = new ControlRegister(port);
        this.commands = new CommandQueue(port, options.ringLengthCode(), options.doorbell());
        this.events = new EventLogReader(port, options.logLengthCode());
        this.pageRequests = new PageRequestLogReader(port, options.logLengthCode());
        this.deviceTable = new DeviceTableWriter(port, options.devices(), options.entryStores());
    }

    /**
     * Brings the IOMMU up, whatever firmware left behind.
     *
     * @return {@link Errno#OK}, or {@link Errno#TIMED_OUT} if it takes no commands
     */
    public int boot() {
        port.enter(CallNames.BOOT, SystemBus.NO_REQUESTER, 0, 0, 0);
        features = port.readRegister(RegisterDescriptor.EXTENDED_FEATURES, Long.BYTES);
        features2 = port.readRegister(RegisterDescriptor.EXTENDED_FEATURES_2, Long.BYTES);
        control.clear(RUNNING);
        control.clear(ControlDescriptor.IOMMU_EN);
        deviceTable.setUp(options.unknownDevices());
        commands.setUp();
        control.set(ControlDescriptor.CMD_BUF_EN);
        events.setUp();
        control.set(ControlDescriptor.EVENT_LOG_EN);
        if (has(FeatureDescriptor.PPR)) {
            pageRequests.setUp();
            control.set(ControlDescriptor.PPR_LOG_EN | ControlDescriptor.PPR_INT_EN | ControlDescriptor.PPR_EN);
        }
        if (has(FeatureDescriptor.GUEST_TRANSLATION)) {
            control.set(ControlDescriptor.GT_EN);
        }
        if (hasLongInterruptEntries()) {
            control.set(ControlDescriptor.GA_EN);
        }
        control.set(ControlDescriptor.EVENT_INT_EN);
        control.set(ControlDescriptor.IOMMU_EN);
        int result = flushEverything() ? Errno.OK : Errno.TIMED_OUT;
        port.leave(CallNames.BOOT, result);
        return result;
    }

    /** With INVALIDATE_IOMMU_ALL, or where the hardware has none with one command for each device and domain in use. */
    private boolean flushEverything() {
        if (has(FeatureDescriptor.INVALIDATE_ALL)) {
            commands.push(Command.invalidateAll());
        } else {
            for (int requester = 0; requester < options.devices(); requester++) {
                commands.push(Command.invalidateDeviceEntry(requester));
                commands.push(Command.invalidateInterruptTable(requester));
            }
            for (int domain = 0; domain <= DomainIds.LAST; domain++) {
                commands.push(Command.invalidatePages(domain, AddressSpan.EVERYTHING, true));
            }
        }
        return commands.complete();
    }

    /** Whether EFR holds a bit, as read when it booted. */
    public boolean has(long feature) {
        return (features & feature) != 0;
    }

    /** Whether interrupt tables have entries of 128 bits. */
    public boolean hasLongInterruptEntries() {
        return options.longInterruptEntries() && has(FeatureDescriptor.GUEST_APIC);
    }

    /** EFR, as read when it booted. */
    public long features() {
        return features;
    }

    /** EFR2, as read when it booted. */
    public long features2() {
        return features2;
    }

    /** The machine. */
    public DriverPort port() {
        return port;
    }

    /** The control register. */
    public ControlRegister control() {
        return control;
    }

    /** The command ring. */
    public CommandQueue commands() {
        return commands;
    }

    /** The event log. */
    public EventLogReader events() {
        return events;
    }

    /** The PPR log, which is set up only with EFR[PPRSup]. */
    public PageRequestLogReader pageRequests() {
        return pageRequests;
    }

    /** The device table. */
    public DeviceTableWriter deviceTable() {
        return deviceTable;
    }
}
