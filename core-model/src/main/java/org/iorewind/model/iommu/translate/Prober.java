package org.iorewind.model.iommu.translate;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;

/**
 * Runs the translation procedure without a trace: the real registers, memory and gate, but caches that are always empty, a
 * log that forgets and a sink of its own. Allocates; not for hot paths. Not thread-safe.
 */
public final class Prober {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final MemoryPort memory;
    private final TranslationGate gate;

    /** Binds the parts. */
    public Prober(RegisterFile registers, IommuOptions options, MemoryPort memory, TranslationGate gate) {
        this.registers = registers;
        this.options = options;
        this.memory = memory;
        this.gate = gate;
    }

    /** What the tables say about an address. */
    public Probe probe(int requester, long address) {
        List<ProbeStep> steps = new ArrayList<>();
        EffectSink sink = new EffectSink() {
            @Override
            public void walkStep(int level, long entryAddress, long entry) {
                steps.add(new ProbeStep(level, entryAddress, entry, PageEntryDescriptor.describe(entry)));
            }
        };
        Translator.Caches caches = new Translator.Caches(options.quirks().tlb().make(1, 1), new DeviceEntryCache(0));
        Translator translator = new Translator(registers, options, memory, sink, caches, EventReports.NONE, gate);
        TranslationDecision decision =
                translator.translate(requester, EffectSink.NO_PASID, address, AccessKind.UNKNOWN);
        boolean hasEntry = translator.isEntryKnown();
        return new Probe(
                decision,
                translator.domain(),
                translator.result(),
                translator.pageShift(),
                translator.rights(),
                hasEntry ? translator.entry().address() : 0,
                hasEntry ? translator.entry().quadwords() : new long[0],
                List.copyOf(steps),
                translator.reason());
    }
}
