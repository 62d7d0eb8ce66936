package org.iorewind.model.iommu.table;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Finds device table entries, in the cache or in memory (reference 2.1). Only one segment is read. Not thread-safe;
 * allocates nothing.
 */
public final class DeviceTable {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final DeviceEntryCache cache;
    private final DeviceEntryRules rules;

    /** Binds the parts. */
    public DeviceTable(
            RegisterFile registers,
            IommuOptions options,
            MemoryPort memory,
            EffectSink effects,
            DeviceEntryCache cache) {
        this.registers = registers;
        this.options = options;
        this.memory = memory;
        this.effects = effects;
        this.cache = cache;
        this.rules = options.quirks().deviceEntries();
    }

    /**
     * Whether the table has more than one segment. DevTblSegEn beyond what EFR[DevTblSegSup] offers counts as the largest
     * offered (MC-5).
     */
    public boolean isSegmented() {
        long control = registers.get(RegisterDescriptor.CONTROL);
        return Math.min(
                        ControlDescriptor.segmentCode(control),
                        FeatureDescriptor.segmentCode(options.extendedFeatures()))
                > 0;
    }

    /**
     * Whether the table reaches as far as this DeviceID. Beyond it, memory requests meet an IO_PAGE_FAULT, and interrupts
     * too, which are dropped (MC-19).
     */
    public boolean covers(int requester) {
        return rules.covers(registers.get(RegisterDescriptor.DEVICE_TABLE_BASE), requester);
    }

    /** System physical address of an entry. */
    public long addressOf(int requester) {
        long base = RegisterDescriptor.base(registers.get(RegisterDescriptor.DEVICE_TABLE_BASE));
        return base + (long) requester * DeviceEntryDescriptor.BYTES;
    }

    /**
     * Gets an entry, all 256 bits at once, and tells the sink.
     *
     * @return other than OK when memory failed; the sink was told, and {@code entry} holds only the address
     */
    public MemoryStatus fetch(int requester, DeviceEntry entry) {
        if (cache.find(requester, entry)) {
            tell(requester, entry, true);
            return MemoryStatus.OK;
        }
        long address = addressOf(requester);
        MemoryStatus status = memory.load(address, DeviceEntryDescriptor.QUADWORDS);
        if (status != MemoryStatus.OK) {
            entry.set(address, 0, 0, 0, 0);
            effects.memoryFailure(MemoryUse.DEVICE_TABLE, address, status);
            return status;
        }
        entry.set(address, memory.word(0), memory.word(1), memory.word(2), memory.word(3));
        cache.insert(requester, entry);
        tell(requester, entry, false);
        return MemoryStatus.OK;
    }

    private void tell(int requester, DeviceEntry entry, boolean fromCache) {
        effects.deviceTableEntry(
                requester,
                entry.address(),
                entry.quadword(0),
                entry.quadword(1),
                entry.quadword(2),
                entry.quadword(3),
                fromCache);
    }
}
