package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.translate.RequestKind;
import org.iorewind.replay.Applier;
import org.iorewind.replay.Fault;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.AtsRequestDecoder;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.jspecify.annotations.Nullable;

/** Groups like faults during a replay. */
final class FaultGroups implements ReplayListener {
    /** More different faults than a person reads; further ones are counted only. */
    static final int MOST_GROUPS = 10_000;

    private static final int NOTHING = -1;
    private static final int DOMAIN_MASK = 0xFFFF;
    private static final int CODE_SHIFT = 60;

    private final Map<FaultGroup.Key, FaultGroup> groups = new LinkedHashMap<>();
    private final DmaRequestDecoder request = new DmaRequestDecoder();
    private final AtsRequestDecoder atsRequest = new AtsRequestDecoder();
    private final LogEntryDecoder logged = new LogEntryDecoder();
    private DmaAccess access = DmaAccess.UNKNOWN;
    private AccessKind wanted = AccessKind.UNKNOWN;
    private RequestKind kind = RequestKind.UNTRANSLATED;
    private int pasid = EffectSink.NO_PASID;
    private int device;

    /** DomainID that the last request was decided under, also from a cache. */
    private int domain = NOTHING;

    private final UsedEntry usedEntry = new UsedEntry();

    /** The group that the last fault opened. */
    private @Nullable FaultGroup opened;

    /** What was logged since the last input: before the fault is known where the recorder heard of it first. */
    private int loggedCode = NOTHING;

    private int loggedGuest = NOTHING;

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        if (requester != device) {
            return;
        }
        domain = (int) q1 & DOMAIN_MASK;
        usedEntry.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
    }

    @Override
    public void translation(
            int requester,
            int requestPasid,
            long address,
            TranslationDecision decision,
            int decidedDomain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        domain = decidedDomain;
    }

    @Override
    public void after(EventView event, Machine machine) {
        @Nullable EventKind its = event.kind();
        if (its != null) {
            observed(event, its);
        }
    }

    /** The same for an event of which it is known what it is. */
    void observed(EventView event, EventKind observation) {
        if (observation != EventKind.LOG_ENTRY) {
            return;
        }
        logged.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (logged.qword0Known() >>> CODE_SHIFT == 0xF) {
            loggedCode = (int) (logged.qword0() >>> CODE_SHIFT);
            loggedGuest = event.guest();
            if (opened != null) {
                opened.recorded(loggedCode, loggedGuest);
            }
        }
    }

    @Override
    public void before(EventView event, Machine machine) {
        if (event.kind() == null || event.kind().eventClass() != EventClass.INPUT) {
            return;
        }
        usedEntry.before(event, machine);
        domain = NOTHING;
        opened = null;
        loggedCode = NOTHING;
        if (event.kind() == EventKind.DMA_REQUEST) {
            request.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            device = request.requester();
            access = request.access();
            wanted = Applier.kindOf(access);
            kind = Applier.isPretranslated(access) ? RequestKind.TRANSLATED : RequestKind.UNTRANSLATED;
            pasid = Applier.pasidOf((int) request.pasid());
        } else if (event.kind() == EventKind.ATS_REQUEST) {
            atsRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            device = atsRequest.requester();
            access = DmaAccess.UNKNOWN;
            wanted = atsRequest.noWrite() != 0 ? AccessKind.READ : AccessKind.ATOMIC;
            kind = RequestKind.TRANSLATION;
            pasid = Applier.pasidOf((int) atsRequest.pasid());
        }
    }

    @Override
    public void fault(Fault fault, Machine machine) {
        FaultGroup.Key key = FaultGroup.Key.of(fault, pasid, domain, kind, access);
        FaultGroup group = groups.get(key);
        if (group == null) {
            if (groups.size() >= MOST_GROUPS) {
                return;
            }
            group = new FaultGroup(
                    key,
                    fault,
                    machine.iommu(fault.iommu()).probe(fault.requester(), pasid, fault.address(), wanted, kind),
                    usedEntry.of(device));
            if (loggedCode != NOTHING) {
                group.recorded(loggedCode, loggedGuest);
            }
            opened = group;
            groups.put(key, group);
        }
        group.add(fault);
    }

    List<FaultGroup> list() {
        return new ArrayList<>(groups.values());
    }
}
