package org.iorewind.analyze.cost;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.CallNames;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.iorewind.trace.sbe.PhaseDecoder;
import org.jspecify.annotations.Nullable;

/** Counts what a replay does, for the operation and the workload that it happens in. Not thread-safe. */
public final class CostWatcher implements ReplayListener {
    /** So deep calls and phases may nest; what is deeper belongs to those around it. */
    private static final int DEEPEST = 256;

    private static final int PAGE_BYTES = 4096;

    /** A call that has not ended. */
    private record Open(String name, boolean isGuests, boolean isHostCall) {}

    /** Hears to which operation each event counts. */
    @FunctionalInterface
    public interface Operations {
        /**
         * Something of an operation was counted.
         *
         * @param event that did it
         * @param operation its name, as in the table
         * @param counts of the event, valid until the next one; the operation begins with it if {@link CostRow#operations()} is 1
         */
        void counted(EventView event, String operation, CostRow counts);
    }

    private final Operations operations;
    private final CostTable table = new CostTable();
    private final CostRow now = new CostRow();
    private final Deque<Open> calls = new ArrayDeque<>();
    private final Deque<String> phases = new ArrayDeque<>();
    private final BitSet emulated = new BitSet();
    private final DriverCallDecoder driverCall = new DriverCallDecoder();
    private final PhaseDecoder phase = new PhaseDecoder();
    private final MemoryWriteDecoder memoryWrite = new MemoryWriteDecoder();
    private int deeperCalls;
    private int deeperPhases;
    private long signals;
    /** The request of a device that an interrupt outside of all calls is due to. */
    private String request = CostTable.OTHER;

    private boolean isEmulated;
    private boolean isRefused;
    private boolean isMiss;

    /** Has counted nothing. */
    public CostWatcher() {
        this((event, operation, counts) -> {});
    }

    /** The same, with somebody to tell. */
    public CostWatcher(Operations operations) {
        this.operations = operations;
    }

    /** All counts so far. */
    public CostTable table() {
        return table;
    }

    @Override
    public void before(EventView event, Machine machine) {
        now.clear();
        isEmulated = emulated.get(event.iommu());
        isRefused = false;
        isMiss = false;
    }

    @Override
    public void after(EventView event, Machine machine) {
        EventKind kind = event.kind();
        if (kind == null) {
            return;
        }
        switch (kind) {
            case IOMMU_START -> emulated.set(event.iommu(), IommuInfo.of(event).memoryBytes() != 0);
            case VM_EXIT -> now.add(CostCounter.VM_EXITS, 1);
            case MMIO_WRITE, MMIO_READ -> register(event);
            case MEMORY_WRITE -> memory(event);
            case DRIVER_CALL -> {
                call(event);
                return;
            }
            case PHASE -> phase(event);
            default -> {}
        }
        count(event, operation(kind));
    }

    private void count(EventView event, String operation) {
        operations.counted(event, operation, now);
        table.operation(operation).add(now);
        if (!phases.isEmpty()) {
            table.workload(phases.getLast()).add(now);
        }
    }

    /** What an event belongs to: a request of a device is an operation by itself. */
    private String operation(EventKind kind) {
        switch (kind) {
            case DMA_REQUEST, ATS_REQUEST -> {
                now.operation();
                request = isRefused ? CallNames.FAULT : isMiss ? CostTable.MISS : CostTable.HIT;
                return request;
            }
            case PAGE_REQUEST -> {
                now.operation();
                request = CallNames.PAGE_REQUEST;
                return request;
            }
            default -> {
                return outermost();
            }
        }
    }

    private String outermost() {
        if (calls.isEmpty()) {
            return CostTable.OTHER;
        }
        for (Iterator<Open> outside = calls.descendingIterator(); outside.hasNext(); ) {
            Open call = outside.next();
            if (call.isGuests()) {
                return call.name();
            }
        }
        String name = calls.getLast().name();
        return isHandling(name) ? name : CostTable.HOST_PREFIX + name;
    }

    /** A driver that reads its log handles requests that were operations already. */
    private static boolean isHandling(String name) {
        return name.equals(CallNames.FAULT) || name.equals(CallNames.PAGE_REQUEST);
    }

    private void call(EventView event) {
        driverCall.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        CallPhase when = driverCall.phase();
        long size = driverCall.size();
        String name = driverCall.call();
        if (when == CallPhase.ENTER) {
            enter(name, event.guest() >= 0);
        } else if (when == CallPhase.POINT) {
            note(name, Math.max(0, size));
        }
        boolean isLate = when == CallPhase.POINT && calls.isEmpty() && name.equals(CallNames.INJECT_INTERRUPT);
        count(event, isLate ? request : outermost());
        if (when == CallPhase.EXIT && deeperCalls > 0) {
            deeperCalls--;
        } else if (when == CallPhase.EXIT) {
            calls.pollFirst();
        }
    }

    private void enter(String name, boolean isGuests) {
        request = CostTable.OTHER;
        if (calls.size() >= DEEPEST) {
            deeperCalls++;
            return;
        }
        boolean isHostCall = !isGuests && isHostCall(name);
        if (isHostCall && calls.stream().noneMatch(Open::isHostCall)) {
            now.add(CostCounter.HOST_CALLS, 1);
        }
        boolean begins = isGuests ? calls.stream().noneMatch(Open::isGuests) : calls.isEmpty();
        calls.addFirst(new Open(name, isGuests, isHostCall));
        if (begins && !isHandling(name)) {
            now.operation();
        }
    }

    private static boolean isHostCall(String name) {
        return name.startsWith("VIOMMU_")
                || name.startsWith(CallNames.IOMMUFD_PREFIX)
                || name.equals(CallNames.HOST_MAP)
                || name.equals(CallNames.HOST_UNMAP);
    }

    private void note(String name, long size) {
        switch (name) {
            case CallNames.PIN -> now.add(CostCounter.PINS, size);
            case CallNames.UNPIN -> now.add(CostCounter.UNPINS, size);
            case CallNames.SOFTWARE_READ -> now.add(CostCounter.SOFTWARE_READS, size);
            case CallNames.INJECT_INTERRUPT -> inject();
            default -> {}
        }
    }

    /** A VMM that passes on what hardware has signalled does not make another interrupt of it. */
    private void inject() {
        if (signals > 0) {
            signals--;
        } else {
            now.add(CostCounter.GUEST_INTERRUPTS, 1);
        }
    }

    private void phase(EventView event) {
        phase.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        CallPhase when = phase.phase();
        if (when == CallPhase.ENTER && phases.size() >= DEEPEST) {
            deeperPhases++;
        } else if (when == CallPhase.ENTER) {
            phases.addLast(phase.name());
        } else if (when == CallPhase.EXIT && deeperPhases > 0) {
            deeperPhases--;
        } else if (when == CallPhase.EXIT) {
            phases.pollLast();
        }
    }

    private void register(EventView event) {
        if (!isEmulated) {
            now.add(event.guest() < 0 ? CostCounter.HOST_REGISTERS : CostCounter.GUEST_REGISTERS, 1);
        }
    }

    private void memory(EventView event) {
        memoryWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (memoryWrite.from() != MemoryOrigin.CPU_STORE) {
            return;
        }
        @Nullable CostCounter counter = counter(memoryWrite.region(), event.guest() >= 0);
        int bytes = memoryWrite.dataLength();
        if (counter == null) {
            return;
        }
        if (bytes >= PAGE_BYTES) {
            now.add(CostCounter.PAGES_CLEARED, bytes / PAGE_BYTES);
        } else if (counter == CostCounter.DEVICE_TABLE_WRITES) {
            now.add(counter, 1);
        } else {
            now.add(counter, Math.max(1, bytes / Long.BYTES));
        }
    }

    private static @Nullable CostCounter counter(MemoryRegion region, boolean isGuests) {
        return switch (region) {
            case TABLE_LEVEL_1,
                    TABLE_LEVEL_2,
                    TABLE_LEVEL_3,
                    TABLE_LEVEL_4,
                    TABLE_LEVEL_5,
                    TABLE_LEVEL_6,
                    HOST_TABLE,
                    GUEST_TABLE -> isGuests ? CostCounter.GUEST_TABLE_WRITES : CostCounter.HOST_TABLE_WRITES;
            case DEVICE_TABLE -> CostCounter.DEVICE_TABLE_WRITES;
            case GCR3_TABLE -> CostCounter.GCR3_WRITES;
            case INTERRUPT_TABLE -> CostCounter.INTERRUPT_TABLE_WRITES;
            default -> null;
        };
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        now.add(isEmulated ? CostCounter.GUEST_COMMANDS : CostCounter.HOST_COMMANDS, 1);
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        now.add(CostCounter.GUEST_COMMANDS, 1);
    }

    @Override
    public void completionStore(long address, long data) {
        now.add(CostCounter.COMPLETION_STORES, 1);
    }

    @Override
    public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
        now.add(CostCounter.COMPLETION_STORES, 1);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        if (!fromCache) {
            walkRead();
        }
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        walkRead();
    }

    @Override
    public void guestWalkStep(GuestTable guestTable, int level, long entryAddress, long entry) {
        walkRead();
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        walkRead();
    }

    private void walkRead() {
        now.add(isEmulated ? CostCounter.EMULATED_WALK_READS : CostCounter.WALK_READS, 1);
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        if (written) {
            now.add(isEmulated ? CostCounter.GUEST_LOG_WRITES : CostCounter.HOST_LOG_WRITES, 1);
        }
    }

    @Override
    public void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        if (written) {
            now.add(CostCounter.GUEST_LOG_WRITES, 1);
        }
    }

    /** An emulated IOMMU has no interrupts of its own: its VMM injects them, and says so. */
    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        if (!isEmulated) {
            now.add(CostCounter.HOST_INTERRUPTS, 1);
        }
    }

    @Override
    public void guestInterrupt(int guest, GuestSignal signal) {
        signals++;
        now.add(CostCounter.GUEST_INTERRUPTS, 1);
    }

    @Override
    public void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        isRefused |= decision.isAborted() && !isAnswered;
        isMiss |= !cacheHit;
    }
}
