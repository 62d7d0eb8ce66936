package org.iorewind.analyze.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.analyze.cost.CostSource.Part;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.iorewind.trace.schema.EventTable;

/** Counts by what costs are made: in the whole replay, and for the event that is handled. Bounded. Not thread-safe. */
public final class SourceCounter implements ReplayListener {
    /** So many sources are told apart; the rest is left out. */
    private static final int MOST_SOURCES = 4096;

    private static final String IOTLB = "IOTLB";
    private static final String DEVICE_TABLE = "device table";

    /** Takes what one event counted. */
    @FunctionalInterface
    interface Target {
        void add(CostSource source, long times);
    }

    private final Map<CostSource, Integer> numbers = new HashMap<>();
    private final List<CostSource> sources = new ArrayList<>();
    private final DriverCallDecoder call = new DriverCallDecoder();
    private final CostSource[] commands = new CostSource[16];
    private final CostSource[] guestCommands = new CostSource[16];
    private final CostSource[] hostLevels = new CostSource[8];
    private final CostSource[] guestLevels = new CostSource[8];
    private final CostSource[] gcr3Levels = new CostSource[8];
    private final CostSource[] walkCaches = new CostSource[WalkCache.values().length];
    private final CostSource iotlb = new CostSource(Part.CACHE, IOTLB);
    private final CostSource deviceTable = new CostSource(Part.WALK, DEVICE_TABLE);
    private final CostSource deviceEntries = new CostSource(Part.CACHE, "device table entries");
    private final Map<Integer, CostSource> devices = new HashMap<>();
    private long[] totals = new long[64];
    private long[] now = new long[64];
    private int[] touched = new int[64];
    private int touchedCount;
    private long reads;

    /** Has counted nothing. */
    public SourceCounter() {
        for (int i = 0; i < commands.length; i++) {
            commands[i] = new CostSource(Part.COMMAND, RingEntryNames.command(i));
            guestCommands[i] = new CostSource(Part.COMMAND, RingEntryNames.command(i) + " of a guest");
        }
        for (int i = 0; i < hostLevels.length; i++) {
            hostLevels[i] = new CostSource(Part.WALK, "host table, level " + i);
            guestLevels[i] = new CostSource(Part.WALK, "guest table, level " + i);
            gcr3Levels[i] = new CostSource(Part.WALK, "GCR3 table, level " + i);
        }
        for (WalkCache cache : WalkCache.values()) {
            walkCaches[cache.ordinal()] = new CostSource(
                    Part.CACHE, cache.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
    }

    /** All counts so far. */
    public SortedMap<CostSource, Long> totals() {
        SortedMap<CostSource, Long> all = new TreeMap<>();
        for (int i = 0; i < sources.size(); i++) {
            all.put(sources.get(i), totals[i] + now[i]);
        }
        return Collections.unmodifiableSortedMap(all);
    }

    /** Gives what the last event counted. */
    void tell(Target target) {
        for (int i = 0; i < touchedCount; i++) {
            target.add(sources.get(touched[i]), now[touched[i]]);
        }
    }

    private void add(CostSource source, long times) {
        Integer number = numbers.get(source);
        if (number == null) {
            if (sources.size() == MOST_SOURCES) {
                return;
            }
            number = sources.size();
            numbers.put(source, number);
            sources.add(source);
            if (number == now.length) {
                totals = Arrays.copyOf(totals, 2 * number);
                now = Arrays.copyOf(now, 2 * number);
                touched = Arrays.copyOf(touched, 2 * number);
            }
        }
        if (now[number] == 0) {
            touched[touchedCount++] = number;
        }
        now[number] += times;
    }

    @Override
    public void before(EventView event, Machine machine) {
        for (int i = 0; i < touchedCount; i++) {
            totals[touched[i]] += now[touched[i]];
            now[touched[i]] = 0;
        }
        touchedCount = 0;
        reads = 0;
        if (event.kind() == EventKind.DRIVER_CALL) {
            call.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            if (call.phase() != CallPhase.EXIT) {
                add(new CostSource(Part.CALL, call.call()), 1);
            }
        }
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        add(commands[CommandDescriptor.opcode(qword0)], 1);
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        add(guestCommands[CommandDescriptor.opcode(qword0)], 1);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        if (!fromCache) {
            add(deviceTable, 1);
            add(deviceEntries, 1);
            reads++;
        }
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        add(hostLevels[level & hostLevels.length - 1], 1);
        reads++;
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        CostSource[] levels = table == GuestTable.GCR3 ? gcr3Levels : guestLevels;
        add(levels[level & levels.length - 1], 1);
        reads++;
    }

    @Override
    public void walkCacheMiss(WalkCache cache, int domain, long address) {
        add(walkCaches[cache.ordinal()], 1);
    }

    @Override
    public void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        if (!cacheHit && decision == TranslationDecision.TRANSLATED) {
            add(iotlb, 1);
        }
        if (reads > 0) {
            add(devices.computeIfAbsent(requester, id -> new CostSource(Part.DEVICE, EventTable.bdf(id))), reads);
            reads = 0;
        }
    }
}
