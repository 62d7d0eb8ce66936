package org.iorewind.analyze.protocol;

import org.iorewind.analyze.rule.Findings;
import org.iorewind.replay.Machine;

/**
 * The rules that one IOMMU is held to.
 *
 * @param devices its device table
 */
record IommuRules(
        DeviceEntries devices,
        DeviceEntryRules deviceEntries,
        ReachRules reach,
        RingRules rings,
        InterruptRules interrupts,
        GuestRules guests,
        GuestViewRules views,
        AliasRules aliases) {
    /**
     * Of a fresh IOMMU.
     *
     * @param base system physical address of what it sees as address 0
     */
    static IommuRules of(int number, long base, Machine machine, Shadow shadow, Moment now, Findings findings) {
        DeviceEntries devices = new DeviceEntries(number, base, machine, shadow);
        GuestRules guests = new GuestRules(number, now, findings);
        IommuRules rules = new IommuRules(
                devices,
                new DeviceEntryRules(number, devices, machine, now, findings),
                new ReachRules(number, devices, shadow, machine, now, findings),
                new RingRules(number, base, now, findings),
                new InterruptRules(number, base, machine.memory(), now, findings),
                guests,
                new GuestViewRules(number, devices, guests, machine.memory(), now, findings),
                new AliasRules(number, devices, machine.memory(), now, findings));
        shadow.listen(rules.deviceEntries);
        shadow.listen(rules.reach);
        return rules;
    }

    /** Another IOMMU has this number from now on: these hear no more. */
    void retire(Shadow shadow) {
        shadow.ignore(deviceEntries);
        shadow.ignore(reach);
    }
}
