package org.iorewind.model.iommu.quirk;

import java.util.function.Supplier;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.cache.SetAssociativeTlb;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.iorewind.model.iommu.translate.HostWalk;
import org.iorewind.model.iommu.translate.SpecifiedHostWalk;

/**
 * One strategy for each point of the core at which devices differ.
 *
 * @param registers which registers exist and how they take writes
 * @param signals when status bits and own interrupts rise
 * @param events form and presence of log entries
 * @param commands how the ring survives bad commands
 * @param deviceEntries which device table entries are legal
 * @param requests the translation procedure outside of the walk
 * @param hostWalk the walk
 * @param tlb makes the cache of translations
 * @param gate makes what decides whether a device is looked at
 * @param interrupts the interrupt procedure
 */
public record Quirks(
        RegisterRules registers,
        SignalRules signals,
        EventRules events,
        CommandRules commands,
        DeviceEntryRules deviceEntries,
        RequestRules requests,
        HostWalk hostWalk,
        TranslationCache.Maker tlb,
        Supplier<TranslationGate> gate,
        InterruptRules interrupts) {

    /** The same with another gate. */
    public Quirks withGate(Supplier<TranslationGate> other) {
        return new Quirks(
                registers, signals, events, commands, deviceEntries, requests, hostWalk, tlb, other, interrupts);
    }

    /** The strategies of a profile. QEMU 7.2 stands for 7.2.22, which shares more with 11.1 than its number says. */
    public static Quirks of(Profile profile) {
        return switch (profile) {
            case SPEC ->
                new Quirks(
                        new SpecifiedRegisterRules(),
                        SignalRules.SPECIFIED,
                        EventRules.SPECIFIED,
                        CommandRules.SPECIFIED,
                        DeviceEntryRules.SPECIFIED,
                        RequestRules.SPECIFIED,
                        SpecifiedHostWalk.INSTANCE,
                        SetAssociativeTlb::new,
                        () -> TranslationGate.OPEN,
                        InterruptRules.SPECIFIED);
            case QEMU_7_2 ->
                new Quirks(
                        QemuRegisterRules.withReadOnlyStatus(),
                        SignalRules.QEMU,
                        EventRules.QEMU_SILENT,
                        CommandRules.QEMU,
                        DeviceEntryRules.QEMU_11,
                        RequestRules.QEMU_10,
                        QemuTenHostWalk.INSTANCE,
                        (sets, ways) -> new QemuTlb(QemuTlb.DeviceInvalidation.ONE_PAGE),
                        () -> TranslationGate.OPEN,
                        InterruptRules.QEMU);
            case QEMU_10_0 ->
                new Quirks(
                        QemuRegisterRules.withReadOnlyStatus(),
                        SignalRules.QEMU,
                        EventRules.QEMU_SILENT,
                        CommandRules.QEMU,
                        DeviceEntryRules.QEMU_10,
                        RequestRules.QEMU_10,
                        QemuTenHostWalk.INSTANCE,
                        (sets, ways) -> new QemuTlb(QemuTlb.DeviceInvalidation.NOTHING),
                        () -> TranslationGate.OPEN,
                        InterruptRules.QEMU);
            case QEMU_11_1 ->
                new Quirks(
                        QemuRegisterRules.withClearableStatus(),
                        SignalRules.QEMU,
                        EventRules.QEMU,
                        CommandRules.QEMU,
                        DeviceEntryRules.QEMU_11,
                        RequestRules.QEMU_11,
                        QemuElevenHostWalk.INSTANCE,
                        (sets, ways) -> new QemuTlb(QemuTlb.DeviceInvalidation.ALL),
                        AnnouncedDevicesGate::new,
                        InterruptRules.QEMU);
        };
    }
}
