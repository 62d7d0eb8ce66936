package org.iorewind.model.iommu;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.ats.DeviceInvalidations;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.cache.IdMapCache;
import org.iorewind.model.iommu.cache.InterruptEntryCache;
import org.iorewind.model.iommu.cache.PrivateCache;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.command.CommandExecutor;
import org.iorewind.model.iommu.command.CommandRing;
import org.iorewind.model.iommu.command.Invalidations;
import org.iorewind.model.iommu.command.PendingInvalidations;
import org.iorewind.model.iommu.command.Prefetcher;
import org.iorewind.model.iommu.counter.CountingSink;
import org.iorewind.model.iommu.counter.PerformanceCounters;
import org.iorewind.model.iommu.interrupt.GuestInterrupts;
import org.iorewind.model.iommu.interrupt.InterruptRemapper;
import org.iorewind.model.iommu.log.EventLog;
import org.iorewind.model.iommu.log.GuestApicLog;
import org.iorewind.model.iommu.log.OwnMessages;
import org.iorewind.model.iommu.log.PageRequestLog;
import org.iorewind.model.iommu.log.Signals;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.register.CapabilityBlock;
import org.iorewind.model.iommu.register.HostRegisters;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.request.PageRequests;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.translate.Prefetch;
import org.iorewind.model.iommu.translate.Prober;
import org.iorewind.model.iommu.translate.TranslationRequests;
import org.iorewind.model.iommu.translate.Translator;
import org.iorewind.model.iommu.virtual.VirtualIommus;
import org.iorewind.model.memory.MemoryPort;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an IOMMU, and how they are put together.
 *
 * <pre>
 *   registers ─▶ command ring ─▶ executor ─▶ invalidations ─▶ caches
 *       │                                                       ▲
 *       ├──────▶ translator, interrupt remapper ── tables ──────┘
 *       └──────▶ logs, counters, own interrupts ─▶ sink
 * </pre>
 *
 * <p>With performance counters, a sink that counts stands before the listener.
 *
 * @param virtual null without hardware vIOMMU
 * @param stateful what has state, in the order in which it is saved
 */
record IommuParts(
        HostRegisters hostRegisters,
        TranslationCache tlb,
        WalkCaches walkCaches,
        DeviceEntryCache deviceEntries,
        InterruptEntryCache interruptEntries,
        TranslationGate gate,
        PendingInvalidations pending,
        DeviceInvalidations deviceInvalidations,
        CommandRing ring,
        EventLog eventLog,
        CapabilityBlock capability,
        DeviceTable interruptDeviceTable,
        Translator translator,
        TranslationRequests translationRequests,
        InterruptRemapper interruptRemapper,
        PageRequests pageRequests,
        Prober prober,
        @Nullable VirtualIommus virtual,
        List<Stateful> stateful)
        implements Stateful {

    /** Builds the parts of an IOMMU in its state after reset. */
    static IommuParts of(IommuOptions options, MemoryPort memory, EffectSink listener) {
        RegisterFile registers = new RegisterFile();
        TranslationCache tlb = options.quirks().tlb().make(options.tlbSets(), options.tlbWays());
        WalkCaches walkCaches = new WalkCaches(options.walkCaches());
        DeviceEntryCache deviceEntries = new DeviceEntryCache(options.deviceEntryCacheSize());
        InterruptEntryCache interruptEntries = new InterruptEntryCache(options.interruptCacheSize());
        TranslationGate gate = options.quirks().gate().get();
        CapabilityBlock capability = new CapabilityBlock(registers, options);
        Signals signals = new Signals(registers, listener, new OwnMessages(registers, capability, options));
        EventLog eventLog = new EventLog(registers, options, memory, listener, signals);
        PerformanceCounters counters = new PerformanceCounters(options, eventLog);
        CountingSink counting = new CountingSink(listener, counters);
        EffectSink effects = counters.exist() ? counting : listener;
        EffectSink interruptLookups = counters.exist() ? counting.interruptLookups() : listener;
        DeviceTable interruptDeviceTable = new DeviceTable(registers, options, memory, interruptLookups, deviceEntries);
        DeviceTable deviceTable = new DeviceTable(registers, options, memory, effects, deviceEntries);
        IdMapCache idMaps = new IdMapCache(options.hasVirtualIommus() ? VirtualIommus.ID_CACHE_ENTRIES : 0);
        boolean cachesPrivates =
                options.hasVirtualIommus() && walkCaches.guestPhysical().isOn();
        PrivateCache privates = new PrivateCache(cachesPrivates ? VirtualIommus.TRANSLATION_CACHE_ENTRIES : 0);
        Invalidations invalidations = new Invalidations(
                options,
                effects,
                new Invalidations.Parts(
                        tlb,
                        walkCaches,
                        deviceEntries,
                        interruptEntries,
                        idMaps,
                        privates,
                        deviceTable,
                        gate,
                        eventLog));
        PendingInvalidations pending = new PendingInvalidations(options.invalidationPolicy(), invalidations);
        Translator.Caches caches = new Translator.Caches(tlb, deviceEntries, walkCaches);
        Translator translator = new Translator(registers, options, memory, effects, caches, eventLog, gate);
        TranslationRequests translationRequests = new TranslationRequests(translator, effects);
        DeviceInvalidations deviceInvalidations = new DeviceInvalidations(registers, options, effects, eventLog);
        CommandExecutor.Parts acting = new CommandExecutor.Parts(
                pending,
                invalidations,
                deviceInvalidations,
                new Prefetcher(new Prefetch(translator, options, effects), deviceTable, tlb, effects),
                gate,
                eventLog,
                signals);
        CommandExecutor executor = new CommandExecutor(registers, options, memory, effects, acting);
        GuestApicLog guestApicLog = new GuestApicLog(registers, memory, effects, signals);
        GuestInterrupts guestInterrupts = new GuestInterrupts(memory, effects, guestApicLog);
        @Nullable
        VirtualIommus virtual = options.hasVirtualIommus()
                ? new VirtualIommus(
                        registers,
                        options,
                        memory,
                        effects,
                        new VirtualIommus.Parts(deviceEntries, privates, idMaps, eventLog, executor, guestInterrupts))
                : null;
        CommandRing ring = new CommandRing(
                registers,
                options,
                memory,
                effects,
                eventLog,
                executor,
                virtual == null ? null : virtual.hostCommands());
        HostRegisters hostRegisters = new HostRegisters(registers, options, ring, effects, capability, counters);
        InterruptRemapper interruptRemapper = new InterruptRemapper(
                registers, options, memory, effects, interruptDeviceTable, interruptEntries, eventLog, guestInterrupts);
        PageRequestLog pageRequestLog = new PageRequestLog(registers, options, memory, effects, signals);
        PageRequests pageRequests =
                new PageRequests(registers, options, effects, deviceTable, eventLog, pageRequestLog);
        Prober prober = new Prober(registers, options, memory);
        List<Stateful> stateful = new ArrayList<>(List.of(
                registers,
                capability,
                counters,
                tlb,
                walkCaches,
                deviceEntries,
                interruptEntries,
                gate,
                pending,
                deviceInvalidations));
        if (virtual != null) {
            eventLog.attach(virtual.faults());
            pageRequests.attach(virtual.requests());
            stateful.add(virtual);
        }
        IommuParts parts = new IommuParts(
                hostRegisters,
                tlb,
                walkCaches,
                deviceEntries,
                interruptEntries,
                gate,
                pending,
                deviceInvalidations,
                ring,
                eventLog,
                capability,
                interruptDeviceTable,
                translator,
                translationRequests,
                interruptRemapper,
                pageRequests,
                prober,
                virtual,
                List.copyOf(stateful));
        hostRegisters.reset();
        return parts;
    }

    /** Back to the state after reset; memory stays. */
    void reset() {
        hostRegisters.reset();
        tlb.invalidateAll();
        walkCaches.invalidateAll();
        deviceEntries.invalidateAll();
        interruptEntries.invalidateAll();
        gate.reset();
        pending.reset();
        deviceInvalidations.reset();
        if (virtual != null) {
            virtual.reset();
        }
    }

    @Override
    public void saveTo(StateSink sink) {
        for (Stateful part : stateful) {
            part.saveTo(sink);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        for (Stateful part : stateful) {
            part.restoreFrom(source);
        }
    }
}
