package org.iorewind.model.iommu.translate;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;
import org.jspecify.annotations.Nullable;

/**
 * Runs the translation procedure without a trace: the real registers and memory, but an open gate, caches that are always
 * empty, a log that forgets, a memory that takes no store, and a sink of its own. Allocates; not for hot paths. Not
 * thread-safe.
 */
public final class Prober {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final MemoryPort memory;

    /** Binds the parts. */
    public Prober(RegisterFile registers, IommuOptions options, MemoryPort memory) {
        this.registers = registers;
        this.options = options;
        this.memory = memory;
    }

    /** The entry of a device as it stands in memory; null beyond the end of the table, and where it cannot be read. */
    public @Nullable DeviceEntry deviceEntry(int requester) {
        DeviceTable table =
                new DeviceTable(registers, options, memory.observing(), EffectSink.NONE, new DeviceEntryCache(0));
        DeviceEntry entry = new DeviceEntry();
        boolean isThere = table.covers(requester) && table.fetch(requester, entry) == MemoryStatus.OK;
        return isThere ? entry : null;
    }

    /** What the tables say about a request for an address. */
    public Probe probe(int requester, int pasid, long address, AccessKind access, RequestKind kind) {
        List<ProbeStep> steps = new ArrayList<>();
        long[] stoppedAt = new long[1];
        EffectSink sink = new EffectSink() {
            @Override
            public void walkStep(int level, long entryAddress, long entry) {
                steps.add(new ProbeStep(null, level, entryAddress, entry, PageEntryDescriptor.describe(entry)));
            }

            @Override
            public void memoryFailure(MemoryUse use, long failedAddress, MemoryStatus status) {
                stoppedAt[0] = failedAddress;
            }

            @Override
            public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
                String meaning = GuestEntryDescriptor.describe(table, level, entry);
                steps.add(new ProbeStep(table, level, entryAddress, entry, meaning));
            }
        };
        Translator.Caches caches = new Translator.Caches(
                options.quirks().tlb().make(1, 1), new DeviceEntryCache(0), new WalkCaches(WalkCacheGeometry.OFF));
        Translator translator = new Translator(
                registers, options, memory.observing(), sink, caches, EventReports.NONE, TranslationGate.OPEN);
        TranslationDecision decision = switch (kind) {
            case UNTRANSLATED -> translator.translate(requester, pasid, address, access, false, false);
            case TRANSLATED -> translator.forward(requester, pasid, address, access);
            case TRANSLATION, PREFETCH ->
                translator.find(kind, requester, pasid, address, access.isWrite(), false, false);
        };
        Answer answer = translator.answer();
        boolean hasEntry = answer.isEntryKnown();
        return new Probe(
                decision,
                answer.domain(),
                answer.isGuest(),
                answer.result(),
                answer.pageShift(),
                answer.rights(),
                hasEntry ? translator.entry().address() : 0,
                hasEntry ? translator.entry().quadwords() : new long[0],
                List.copyOf(steps),
                stoppedAt[0],
                answer.reason());
    }
}
