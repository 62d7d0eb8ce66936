package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.replay.Applier;
import org.iorewind.replay.Fault;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.jspecify.annotations.Nullable;

/** Groups like faults during a replay. */
final class FaultGroups implements ReplayListener {
    /** More different faults than a person reads; further ones are counted only. */
    static final int MOST_GROUPS = 10_000;

    private static final long[] NONE = new long[0];
    private static final int ENTRY_WORDS = 4;

    private final Map<FaultGroup.Key, FaultGroup> groups = new LinkedHashMap<>();
    private final DmaRequestDecoder request = new DmaRequestDecoder();
    private DmaAccess access = DmaAccess.UNKNOWN;
    private int pasid = EffectSink.NO_PASID;
    private final LogEntryDecoder logged = new LogEntryDecoder();
    /** The device table entry that the last request took from the cache, if it did. */
    private final long[] cachedEntry = new long[ENTRY_WORDS];

    private boolean isFromCache;

    /** The group that the last fault opened: the recorded device's log entry follows it. */
    private @Nullable FaultGroup opened;

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        isFromCache = fromCache;
        cachedEntry[0] = q0;
        cachedEntry[1] = q1;
        cachedEntry[2] = q2;
        cachedEntry[3] = q3;
    }

    @Override
    public void after(EventView event, Machine machine) {
        if (event.kind() == EventKind.LOG_ENTRY && opened != null) {
            logged.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            if (logged.qword0Known() >>> 60 == 0xF) {
                opened.recordedCode((int) (logged.qword0() >>> 60));
            }
        }
    }

    @Override
    public void before(EventView event, Machine machine) {
        if (event.kind() != null && event.kind().eventClass() == EventClass.INPUT) {
            isFromCache = false;
            opened = null;
        }
        if (event.kind() == EventKind.DMA_REQUEST) {
            request.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            access = request.access();
            pasid = Applier.pasidOf((int) request.pasid());
        }
    }

    @Override
    public void fault(Fault fault, Machine machine) {
        FaultGroup.Key key = FaultGroup.Key.of(fault, access);
        FaultGroup group = groups.get(key);
        if (group == null) {
            if (groups.size() >= MOST_GROUPS) {
                return;
            }
            group = new FaultGroup(
                    key,
                    fault,
                    machine.iommu(fault.iommu())
                            .probe(fault.requester(), pasid, fault.address(), Applier.kindOf(access)),
                    isFromCache ? cachedEntry : NONE);
            opened = group;
            groups.put(key, group);
        }
        group.add(fault);
    }

    List<FaultGroup> list() {
        return new ArrayList<>(groups.values());
    }
}
