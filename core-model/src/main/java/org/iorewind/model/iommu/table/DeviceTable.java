package org.iorewind.model.iommu.table;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.register.SegmentDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Finds device table entries, in the cache or in memory, in one table or in up to eight segments (reference 2.1). Not
 * thread-safe; allocates nothing.
 */
public final class DeviceTable {

    private final RegisterFile registers;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final DeviceEntryCache cache;
    private final DeviceEntryRules rules;
    private final int largestSegmentCode;

    /** Binds the parts. */
    public DeviceTable(
            RegisterFile registers,
            IommuOptions options,
            MemoryPort memory,
            EffectSink effects,
            DeviceEntryCache cache) {
        this.registers = registers;
        this.memory = memory;
        this.effects = effects;
        this.cache = cache;
        this.rules = options.quirks().deviceEntries();
        this.largestSegmentCode = rules.segmentCode(options.extendedFeatures());
    }

    /**
     * Whether the table, or the segment it belongs to, reaches as far as this DeviceID. Beyond it, memory requests meet an
     * IO_PAGE_FAULT, and interrupts too, which are dropped (MC-19).
     */
    public boolean covers(int requester) {
        int code = segmentCode();
        return rules.covers(baseRegister(requester, code), SegmentDescriptor.entry(requester, code));
    }

    /** System physical address of an entry. */
    public long addressOf(int requester) {
        int code = segmentCode();
        long base = RegisterDescriptor.base(baseRegister(requester, code));
        return base + (long) SegmentDescriptor.entry(requester, code) * DeviceEntryDescriptor.BYTES;
    }

    /**
     * log2 of the number of segments. DevTblSegEn beyond what EFR[DevTblSegSup] offers counts as the largest offered
     * (MC-5).
     */
    private int segmentCode() {
        int enabled = ControlDescriptor.segmentCode(registers.get(RegisterDescriptor.CONTROL));
        return Math.min(enabled, largestSegmentCode);
    }

    private long baseRegister(int requester, int code) {
        return registers.get(SegmentDescriptor.baseRegister(SegmentDescriptor.segment(requester, code)));
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
