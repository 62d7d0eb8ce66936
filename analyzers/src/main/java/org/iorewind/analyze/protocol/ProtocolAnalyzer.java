package org.iorewind.analyze.protocol;

import java.util.List;
import org.iorewind.analyze.protocol.DeviceEntries.Attachment;
import org.iorewind.analyze.rule.Analyzer;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.analyze.rule.Where;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.ats.AtsAnswerDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.replay.Applier;
import org.iorewind.replay.Machine;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InjectedEventDecoder;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.jspecify.annotations.Nullable;

/** The built-in rules of the protocol: shows events and effects to each of them. Not thread-safe. */
public final class ProtocolAnalyzer implements Analyzer {
    private static final int MOST_IOMMUS = 256;
    private static final int HOST = -1;

    private final Moment now = new Moment();
    private final Windows windows = new Windows();
    private final @Nullable IommuRules[] iommus = new IommuRules[MOST_IOMMUS];
    private final MemoryWriteDecoder memoryWrite = new MemoryWriteDecoder();
    private final MmioWriteDecoder mmioWrite = new MmioWriteDecoder();
    private final DmaRequestDecoder dmaRequest = new DmaRequestDecoder();
    private final DriverCallDecoder driverCall = new DriverCallDecoder();
    private final InjectedEventDecoder injected = new InjectedEventDecoder();
    private final long[] entry = new long[4];
    private @Nullable MachineRules parts;
    private Findings findings = new Findings();
    private AccessKind access = AccessKind.UNKNOWN;
    private boolean hasEntry;
    private boolean isStore;
    private int exitOf = HOST;

    private final UnmapFollower follower;

    /** Has seen nothing. */
    public ProtocolAnalyzer() {
        this(UnmapFollower.NONE);
    }

    /** Has seen nothing, and will tell the follower. */
    public ProtocolAnalyzer(UnmapFollower follower) {
        this.follower = follower;
    }

    @Override
    public List<Rule> rules() {
        return ProtocolRules.all();
    }

    @Override
    public void begin(Findings taken) {
        findings = taken;
    }

    /** How long what was taken away stayed reachable. */
    public Windows windows() {
        return windows;
    }

    @Override
    public void start(Machine machine) {
        parts = MachineRules.of(machine, now, findings, windows, follower, iommus);
        parts().stores().hasIommu(0);
        iommus[0] = IommuRules.of(0, 0, machine, parts().shadow(), now, findings);
    }

    private MachineRules parts() {
        MachineRules its = parts;
        if (its == null) {
            throw new IllegalStateException("the replay has not started");
        }
        return its;
    }

    private @Nullable IommuRules iommu() {
        return iommus[now.iommu()];
    }

    @Override
    public void before(EventView event, Machine machine) {
        now.at(event);
        hasEntry = false;
        @Nullable EventKind kind = event.kind();
        if (kind == null || kind.eventClass() == EventClass.OBSERVATION) {
            return;
        }
        switch (kind) {
            case MEMORY_WRITE -> {
                memoryWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                isStore = memoryWrite.from() == MemoryOrigin.CPU_STORE;
                if (memoryWrite.from() == MemoryOrigin.WITNESS) {
                    parts().invalidations().witnessed();
                }
                parts().stores().before(memoryWrite.address(), memoryWrite.dataLength());
            }
            case MMIO_WRITE -> beforeRegister(event, machine);
            case DMA_REQUEST -> {
                dmaRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                access = Applier.kindOf(dmaRequest.access());
            }
            case ATS_REQUEST -> access = AccessKind.UNKNOWN;
            default -> {}
        }
    }

    private void beforeRegister(EventView event, Machine machine) {
        mmioWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        @Nullable IommuRules rules = iommu();
        if (rules == null || (event.flags() & EventFlag.VALUE_UNKNOWN) != 0) {
            return;
        }
        int offset = (int) mmioWrite.registerOffset();
        if (mmioWrite.space() == MmioSpace.HOST) {
            if (offset == RegisterDescriptor.COMMAND_TAIL) {
                parts().invalidations().doorbell();
            }
            rules.rings().writing(machine.iommu(now.iommu()), offset, mmioWrite.size(), mmioWrite.value());
        } else if (mmioWrite.space() == MmioSpace.VF) {
            parts().invalidations().doorbell();
            rules.rings().writingGuest(machine.iommu(now.iommu()), offset, mmioWrite.value());
        } else if (mmioWrite.space() == MmioSpace.VF_CONTROL) {
            rules.rings().controlWritten(offset, mmioWrite.value());
            rules.guests().controlWritten(offset, mmioWrite.size(), mmioWrite.value());
            rules.views().controlWritten(offset, mmioWrite.value());
        }
    }

    @Override
    public void after(EventView event, Machine machine) {
        @Nullable EventKind kind = event.kind();
        if (kind == null) {
            return;
        }
        if (kind.eventClass() == EventClass.OBSERVATION) {
            observed(event, kind);
            return;
        }
        switch (kind) {
            case MEMORY_WRITE -> stored(machine);
            case MMIO_WRITE -> afterRegister();
            case IOMMU_START -> started(event, machine);
            case INJECTED_EVENT -> injected(event);
            case DRIVER_CALL -> called(event);
            case GAP -> {
                parts().forgetAll();
                findings.report(
                        ProtocolRules.RECORDING_GAP,
                        Where.iommu(now.iommu()),
                        now.sequence(),
                        now.timeNs(),
                        () -> new Words("Events are missing here.", List.of(new Evidence(now.sequence(), "gap"))));
            }
            default -> {}
        }
        parts().staleUses().check(machine, access);
        @Nullable IommuRules rules = iommu();
        if (rules != null && machine.hasIommu(now.iommu())) {
            rules.rings().handled(machine.iommu(now.iommu()));
        }
    }

    private void observed(EventView event, EventKind kind) {
        if (kind == EventKind.VM_EXIT) {
            exitOf = now.guest();
        } else if (kind == EventKind.INTERRUPT_DELIVERED) {
            @Nullable IommuRules its = iommu();
            if (its != null) {
                its.interrupts().observed(event);
            }
        }
    }

    private void stored(Machine machine) {
        parts().stores().after(isStore);
        long address = memoryWrite.address();
        int length = memoryWrite.dataLength();
        int used = parts().stores().used();
        for (int i = 0; i < used && length > 0; i++) {
            @Nullable IommuRules rules = iommus[i];
            if (rules != null) {
                rules.interrupts().stored(address, length, isStore);
                if (isStore) {
                    rules.rings().stored(machine.iommu(i), address, length);
                }
            }
        }
    }

    private void afterRegister() {
        int offset = (int) mmioWrite.registerOffset() & -Long.BYTES;
        boolean isTable = offset == RegisterDescriptor.DEVICE_TABLE_BASE
                || offset >= RegisterDescriptor.SEGMENT_BASE_FIRST && offset <= RegisterDescriptor.SEGMENT_BASE_LAST;
        @Nullable IommuRules rules = iommu();
        if (rules == null || mmioWrite.space() != MmioSpace.HOST) {
            return;
        }
        if (isTable) {
            rules.devices().scan();
        } else if (offset == RegisterDescriptor.CONTROL) {
            rules.devices().refresh();
        }
    }

    private void started(EventView event, Machine machine) {
        IommuInfo info = IommuInfo.of(event);
        long base = info.memoryBytes() == 0 ? 0 : info.memoryBase();
        parts().stores().hasIommu(now.iommu());
        @Nullable IommuRules former = iommu();
        if (former != null) {
            former.retire(parts().shadow());
        }
        iommus[now.iommu()] = IommuRules.of(now.iommu(), base, machine, parts().shadow(), now, findings);
    }

    private void injected(EventView event) {
        injected.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        @Nullable IommuRules rules = iommu();
        if (rules == null) {
            return;
        }
        if (injected.action() == InjectedAction.RESET) {
            parts().forgetAll();
            rules.deviceEntries().invalidatedAll();
            rules.interrupts().invalidatedAll();
            rules.devices().refresh();
        } else if (injected.action() == InjectedAction.FORCE_REGISTER) {
            rules.devices().scan();
        }
    }

    private void called(EventView event) {
        driverCall.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        boolean isBase = driverCall.phase() == CallPhase.ENTER
                && driverCall.iova() == RegisterDescriptor.DEVICE_TABLE_BASE
                && driverCall.size() == 1
                && exitOf >= 0;
        @Nullable IommuRules rules = iommu();
        if (isBase && rules != null && driverCall.call().equals(CallNames.MMIO_ACCESS)) {
            rules.views().tableSet(exitOf, driverCall.physical());
        }
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        @Nullable IommuRules rules = iommu();
        if (rules != null) {
            parts().commands().host(rules, ringHead, qword0, qword1);
        }
    }

    @Override
    public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
        @Nullable IommuRules rules = iommu();
        if (rules != null) {
            parts().commands().notRecorded(rules);
        }
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        @Nullable IommuRules rules = iommu();
        if (rules != null) {
            parts().commands().guest(rules, guest, ringHead, qword0, qword1);
        }
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        entry[0] = q0;
        entry[1] = q1;
        entry[2] = q2;
        entry[3] = q3;
        hasEntry = true;
        @Nullable IommuRules rules = iommu();
        if (rules != null) {
            rules.deviceEntries().consulted(requester, entry, fromCache);
            if (!fromCache) {
                rules.guests().consulted(requester, entry);
            }
        }
    }

    @Override
    public void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        @Nullable IommuRules rules = iommu();
        if (rules == null) {
            return;
        }
        if (decision == TranslationDecision.TRANSLATED) {
            AddressSpace space = spaceOf(rules, requester, pasid);
            rules.aliases().worked(requester);
            if (space != null) {
                parts().uses().used(space, address, pageShift, access);
                parts().notPresent().used(space, requester, address, pageShift);
                rules.reach().reached(requester, domain, result, rights, space.isGuests());
                PendingChange change = cacheHit ? parts().invalidations().olderThan(space, address) : null;
                if (change != null) {
                    parts().staleUses().suspect(change, requester, pasid, address, result);
                }
            }
        } else if (decision == TranslationDecision.PASSED) {
            if (hasEntry) {
                rules.deviceEntries().passed(requester, address, entry[0]);
            }
        } else if (decision.isAborted()) {
            rules.aliases().refused(requester, address);
            AddressSpace space = spaceOf(rules, requester, pasid);
            if (space != null) {
                parts().notPresent().refused(space, requester, address);
            }
        }
    }

    private static @Nullable AddressSpace spaceOf(IommuRules rules, int requester, int pasid) {
        Attachment attachment = rules.devices().attachment(requester);
        return attachment == null ? null : attachment.space(pasid);
    }

    @Override
    public void translationAnswer(
            int requester,
            int pasid,
            long address,
            AtsStatus status,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int bits,
            boolean cacheHit) {
        @Nullable IommuRules rules = iommu();
        AddressSpace space =
                rules == null || !AtsAnswerDescriptor.grants(bits) ? null : spaceOf(rules, requester, pasid);
        if (space != null) {
            parts().deviceTlbs().given(space, requester, address, pageShift);
            // What a device does with a translation that it holds, its IOMMU does not see.
            boolean mayWrite = (bits & AtsAnswerDescriptor.WRITE) != 0;
            parts().uses().used(space, address, pageShift, mayWrite ? AccessKind.ATOMIC : AccessKind.READ);
        }
    }

    @Override
    public void deviceInvalidation(
            int requester, int pasid, long address, long sizeBytes, int type, int queue, int mostPending, int tag) {
        parts().deviceTlbs().told(requester, pasid, address, sizeBytes);
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        @Nullable IommuRules rules = iommu();
        if (!written && rules != null) {
            rules.rings().notLogged(log);
        }
    }

    @Override
    public void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        @Nullable IommuRules rules = iommu();
        if (!written && rules != null) {
            rules.rings().notLogged(guest, log);
        }
    }

    @Override
    public void interrupt(
            int requester,
            InterruptDecision decision,
            long requestAddress,
            int requestData,
            long deliveredAddress,
            int deliveredData,
            int irteBytes,
            long irteAddress,
            long irteLow,
            long irteHigh) {
        @Nullable IommuRules rules = iommu();
        if (rules != null) {
            rules.interrupts().decided(requester, decision, requestAddress, irteBytes, irteAddress, irteLow, irteHigh);
        }
    }

    @Override
    public void end(Machine machine) {
        parts().end();
        for (int i = 0; i < parts().stores().used(); i++) {
            @Nullable IommuRules rules = iommus[i];
            if (rules != null) {
                rules.deviceEntries().end();
                rules.interrupts().end();
            }
        }
        if (!parts().shadow().isComplete()) {
            findings.cannotJudge(ProtocolRules.MISSING_INVALIDATION, "more tables are in use than can be followed");
        }
    }
}
