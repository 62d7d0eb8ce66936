package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.replay.Applier;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.AtsRequestDecoder;
import org.iorewind.trace.sbe.CommandConsumedDecoder;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InjectedEventDecoder;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.iorewind.trace.sbe.TranslationDecoder;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.jspecify.annotations.Nullable;

/** Follows the histories of a few addresses through a replay, each up to its own first fault. */
final class HistoryWatcher implements ReplayListener {
    /** Only so many groups of faults get a history: looking at tables costs time. */
    static final int MOST_HISTORIES = 64;

    private static final long PAGE = 0xFFF;
    private static final long DOMAIN_UNKNOWN = 0xFFFF_FFFFL;
    private static final int INVALIDATE_PAGES = 3;
    private static final int FIRST_POINTER = 0x2000;

    private record Watch(AddressHistory history, long untilSequence) {}

    private final List<Watch> watches = new ArrayList<>();
    private final Map<FaultGroup.Key, AddressHistory> histories = new LinkedHashMap<>();
    private final MemoryWriteDecoder memoryWrite = new MemoryWriteDecoder();
    private final TranslationDecoder translation = new TranslationDecoder();
    private final CommandConsumedDecoder command = new CommandConsumedDecoder();
    private final MmioWriteDecoder mmioWrite = new MmioWriteDecoder();
    private final DmaRequestDecoder dmaRequest = new DmaRequestDecoder();
    private final AtsRequestDecoder atsRequest = new AtsRequestDecoder();
    private final InjectedEventDecoder injected = new InjectedEventDecoder();
    private final OpenCalls calls = new OpenCalls();
    private int pasid = EffectSink.NO_PASID;
    private long sequence;
    private long timeNs;
    private int iommu;
    private boolean memoryRecorded;
    private boolean isAnyEntryUnread;

    HistoryWatcher(List<FaultGroup> groups) {
        for (FaultGroup group : groups.subList(0, Math.min(groups.size(), MOST_HISTORIES))) {
            AddressHistory history = new AddressHistory(
                    group.key().iommu(),
                    group.key().requester(),
                    group.key().pasid(),
                    group.first().address(),
                    group.space());
            histories.put(group.key(), history);
            watches.add(new Watch(history, group.first().sequence()));
        }
    }

    /** Follows one, up to an event. */
    HistoryWatcher(AddressHistory history, long untilSequence) {
        watches.add(new Watch(history, untilSequence));
    }

    @Nullable
    AddressHistory of(FaultGroup group) {
        return histories.get(group.key());
    }

    @Override
    public void start(Machine machine) {
        memoryRecorded = machine.session().fidelity() == Fidelity.FULL;
    }

    @Override
    public void before(EventView event, Machine machine) {
        sequence = event.sequence();
        iommu = event.iommu();
        timeNs = event.timeNs();
        if (isAnyEntryUnread) {
            isAnyEntryUnread = false;
            for (Watch watch : watches) {
                if (isStoreToEntry(event, watch.history, machine)) {
                    isAnyEntryUnread = true;
                } else {
                    watch.history.entryComplete(machine);
                }
            }
        }
        watches.removeIf(watch -> watch.untilSequence <= sequence);
    }

    private boolean isStoreToEntry(EventView event, AddressHistory history, Machine machine) {
        if (event.kind() != EventKind.MEMORY_WRITE) {
            return false;
        }
        memoryWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        return machine.hasIommu(history.iommu())
                && history.isDeviceEntry(seen(memoryWrite.address(), history, machine), memoryWrite.dataLength());
    }

    /** Where an IOMMU that sees a part of memory sees a place of it. */
    private static long seen(long systemAddress, AddressHistory history, Machine machine) {
        return systemAddress - machine.systemAddress(history.iommu(), 0);
    }

    private CallMoment moment() {
        return new CallMoment(sequence, timeNs, calls);
    }

    @Override
    public void after(EventView event, Machine machine) {
        EventKind kind = event.kind();
        if (kind == null || watches.isEmpty()) {
            return;
        }
        switch (kind) {
            case MEMORY_WRITE -> stored(event, machine);
            case DRIVER_CALL -> called(event);
            case DMA_REQUEST -> {
                dmaRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                pasid = Applier.pasidOf((int) dmaRequest.pasid());
            }
            case ATS_REQUEST -> {
                atsRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                pasid = Applier.pasidOf((int) atsRequest.pasid());
            }
            case IOMMU_START -> reset();
            case INJECTED_EVENT -> {
                injected.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                if (injected.action() == InjectedAction.RESET) {
                    reset();
                }
                lookWhereTheTablesMoved(event, machine);
            }
            case MMIO_WRITE -> lookWhereTheTablesMoved(event, machine);
            case TRANSLATION -> used(event);
            case COMMAND_CONSUMED -> observedFlush(event);
            default -> {}
        }
    }

    private void stored(EventView event, Machine machine) {
        memoryWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        long address = memoryWrite.address();
        int length = memoryWrite.dataLength();
        for (Watch watch : watches) {
            AddressHistory history = watch.history;
            if (!machine.hasIommu(history.iommu())) {
                continue;
            }
            long from = seen(address, history, machine);
            if (history.isDeviceEntry(from, length)) {
                history.entryStored(moment());
                isAnyEntryUnread = true;
            } else if (history.watches(from, length)) {
                history.look(machine, calls.isShadowSync(), moment());
            }
        }
    }

    private void reset() {
        for (Watch watch : watches) {
            if (watch.history.iommu() == iommu) {
                watch.history.reset();
            }
        }
    }

    private void called(EventView event) {
        calls.take(event);
        for (Watch watch : watches) {
            if (calls.beginsShadowSync(watch.history.address())) {
                watch.history.shadowed(moment());
            }
        }
    }

    /** A write to a base or control register may change every address's way; pointer writes, the common ones, do not. */
    private void lookWhereTheTablesMoved(EventView event, Machine machine) {
        boolean pointer = false;
        if (event.kind() == EventKind.MMIO_WRITE) {
            mmioWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            pointer = mmioWrite.space() != MmioSpace.HOST || mmioWrite.registerOffset() >= FIRST_POINTER;
        }
        if (memoryRecorded && !pointer) {
            for (Watch watch : watches) {
                if (watch.history.iommu() == iommu) {
                    watch.history.look(machine, calls.isShadowSync(), moment());
                }
            }
        }
    }

    private void used(EventView event) {
        translation.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (translation.outcome() != TranslationOutcome.TRANSLATED) {
            return;
        }
        long page = translation.address() & ~PAGE;
        for (Watch watch : watches) {
            AddressHistory history = watch.history;
            if (history.iommu() == iommu
                    && history.requester() == translation.requester()
                    && history.pasid() == pasid
                    && (history.address() & ~PAGE) == page) {
                int domain = translation.domain() == DOMAIN_UNKNOWN ? -1 : (int) translation.domain();
                history.used(translation.result(), domain, moment());
            }
        }
    }

    /** Without memory the range of an invalidation is not known, only its domain. */
    private void observedFlush(EventView event) {
        if (memoryRecorded) {
            return;
        }
        command.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        boolean domainKnown = (command.qword0Known() >>> 32 & 0xFFFF) == 0xFFFF;
        if (domainKnown && command.qword0() >>> 60 == INVALIDATE_PAGES) {
            int domain = (int) (command.qword0() >>> 32) & 0xFFFF;
            for (Watch watch : watches) {
                watch.history.flushed(domain, 0, 0, moment());
            }
        }
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        for (Watch watch : watches) {
            if (watch.history.iommu() == iommu) {
                watch.history.flushed(domain, address, sizeBytes, moment());
            }
        }
    }
}
