package org.iorewind.model.iommu.virtual;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.cache.IdMapCache;
import org.iorewind.model.iommu.cache.PrivateCache;
import org.iorewind.model.iommu.command.CommandExecutor;
import org.iorewind.model.iommu.command.GuestCommands;
import org.iorewind.model.iommu.interrupt.GuestInterrupts;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.GuestFaults;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.request.GuestRequests;
import org.iorewind.model.memory.MemoryPort;

/**
 * Hardware vIOMMU: everything that an IOMMU with EFR[vIommuSup] has more than others. The one entrance to this package. Not
 * thread-safe; commands, faults and page requests of guests allocate nothing once the guest's image is there.
 */
public final class VirtualIommus implements Stateful {
    /** Entries of the cache of ID maps. */
    public static final int ID_CACHE_ENTRIES = 256;

    /** Entries of the cache of translations for hardware vIOMMU itself, where walks are cached at all. */
    public static final int TRANSLATION_CACHE_ENTRIES = 64;

    private final GuestImages images = new GuestImages();
    private final PrivateCache translations;
    private final IdMaps maps;
    private final GuestLogs logs;
    private final GuestRings rings;
    private final GuestRegisters guestRegisters;
    private final HostCommands hostCommands;

    /**
     * What the parts work on.
     *
     * @param deviceEntries cache of device table entries
     * @param translations cache of translations for hardware vIOMMU itself
     * @param idMaps cache of ID maps
     * @param events where the host hears of errors
     * @param executor executes commands
     * @param interrupts posts interrupts
     */
    public record Parts(
            DeviceEntryCache deviceEntries,
            PrivateCache translations,
            IdMapCache idMaps,
            EventReports events,
            CommandExecutor executor,
            GuestInterrupts interrupts) {}

    /** Binds the parts. */
    public VirtualIommus(
            RegisterFile registers, IommuOptions options, MemoryPort memory, EffectSink effects, Parts parts) {
        EventReports events = parts.events();
        this.translations = parts.translations();
        PrivateSpace space = new PrivateSpace(
                registers, options, memory, effects, parts.deviceEntries(), parts.translations(), events);
        GuestSignals signals = new GuestSignals(registers, options, space, effects, parts.interrupts());
        GuestLog eventLog = new GuestLog(space, options, effects, events, signals, GuestLogLayout.EVENT);
        GuestLog pprLog = new GuestLog(space, options, effects, events, signals, GuestLogLayout.PPR);
        this.maps = new IdMaps(space, effects, events, parts.idMaps());
        this.logs = new GuestLogs(space, options, events, images, signals, eventLog, pprLog);
        GuestCommand command = new GuestCommand(space, options, effects, events, parts.executor(), maps, logs, signals);
        this.rings = new GuestRings(space, effects, events, parts.executor(), images, command);
        this.guestRegisters = new GuestRegisters(space, options, events, images, maps, rings);
        this.hostCommands = new HostCommands(space, effects, events, images, maps, logs, rings);
    }

    /** A processor writes a register of a VF page or VF-control slot; offsets beyond the BAR do nothing. */
    public void write(RegisterSpace space, int offset, int sizeBytes, long value) {
        boolean isPage = space == RegisterSpace.VF;
        int guest = guestOf(isPage, offset);
        if (guest >= PrivateSpaceDescriptor.GUESTS) {
            return;
        }
        if (isPage) {
            guestRegisters.writePage(guest, offset & GuestPageDescriptor.BYTES - 1, sizeBytes, value);
        } else {
            guestRegisters.writeControl(guest, offset & GuestControlDescriptor.BYTES - 1, sizeBytes, value);
        }
    }

    /** A processor reads such a register; offsets beyond the BAR read 0. */
    public long read(RegisterSpace space, int offset, int sizeBytes) {
        boolean isPage = space == RegisterSpace.VF;
        int guest = guestOf(isPage, offset);
        if (guest >= PrivateSpaceDescriptor.GUESTS) {
            return 0;
        }
        return isPage
                ? guestRegisters.readPage(guest, offset & GuestPageDescriptor.BYTES - 1, sizeBytes)
                : guestRegisters.readControl(guest, offset & GuestControlDescriptor.BYTES - 1, sizeBytes);
    }

    /** A register of a guest's VF page as it is, without any check or effect; 0 where there is none. */
    public long peek(int guest, int offset) {
        GuestImage image = guest < 0 || guest >= PrivateSpaceDescriptor.GUESTS ? null : images.find(guest);
        return image == null || offset < 0 || offset >= GuestPageDescriptor.END ? 0 : image.page(offset);
    }

    /** GuestID that an offset belongs to; those of no guest give more than there are, negative ones too. */
    private static int guestOf(boolean isPage, int offset) {
        return offset >>> (isPage ? GuestPageDescriptor.SHIFT : GuestControlDescriptor.SHIFT);
    }

    /** Goes on with guests' rings that have work; quick when none has. */
    public void process() {
        rings.process();
    }

    /** What the host's ring needs. */
    public GuestCommands hostCommands() {
        return hostCommands;
    }

    /** Takes faults to guests' logs. */
    public GuestFaults faults() {
        return logs;
    }

    /** Takes page requests to guests' logs. */
    public GuestRequests requests() {
        return logs;
    }

    /** Back to the state after reset; memory stays. */
    public void reset() {
        images.clear();
        translations.invalidateAll();
        maps.reset();
        rings.reset();
    }

    @Override
    public void saveTo(StateSink sink) {
        images.saveTo(sink);
        translations.saveTo(sink);
        maps.saveTo(sink);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        images.restoreFrom(source);
        translations.restoreFrom(source);
        maps.restoreFrom(source);
        rings.restore();
    }
}
