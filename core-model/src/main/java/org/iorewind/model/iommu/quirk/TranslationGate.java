package org.iorewind.model.iommu.quirk;

import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.table.DeviceEntry;

/** Whether requests of a device reach the translation at all. One object for each IOMMU: it may have state. */
public interface TranslationGate extends Stateful {
    /** Always open: hardware has no such thing. */
    TranslationGate OPEN = new FixedGate(true);

    /** Always closed: DMA remapping is off in the device's options, as QEMU 11.1 has it by default (Q-GATE-2). */
    TranslationGate CLOSED = new FixedGate(false);

    /** Whether requests of this device are looked at; otherwise they pass. */
    boolean translates(int requester);

    /** Whether INVALIDATE_DEVTAB_ENTRY reads the entry, to decide about the gate. */
    boolean readsEntryOnInvalidation();

    /**
     * INVALIDATE_DEVTAB_ENTRY read this entry.
     *
     * @param requester DeviceID
     * @param entry the entry; not meaningful when illegal
     * @param isLegal false when it could not be read or is illegal
     */
    void entrySeen(int requester, DeviceEntry entry, boolean isLegal);

    /**
     * INVALIDATE_DEVTAB_ENTRY named this device, but the recording does not hold the entry. A request that is recorded at
     * all was looked at, so the gate counts as open.
     */
    void entryUnknown(int requester);

    /** Any device may have been announced: a command is not recorded, or the recording began later. */
    void allUnknown();

    /** Back to the state after reset. */
    void reset();
}
