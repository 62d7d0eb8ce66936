package org.iorewind.samples.session;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.ExitCause;
import org.iorewind.model.platform.HardwareFault;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.replay.Spaces;
import org.iorewind.samples.workload.StepMachine;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.StartState;

/**
 * A session of software and devices: each call of the bus is an input. Not thread-safe.
 */
public final class LiveSession extends ModelSession implements SystemBus {
    private static final int MOST_IOMMUS = 256;
    private static final int PRIVILEGED = 1 << 21;
    private static final int USER_RIGHT = 8;
    private static final int CLEARED_BYTES = EventWriter.MAX_DATA_BYTES;
    private static final String CONTRACT =
            "A model of software and devices, recorded as it ran: every input and every answer"
                    + " is in the trace, in order. Times only say what came first.";
    private static final StepMachine WITHOUT_IOMMUS =
            new StepMachine(Profile.SPEC.label(), StartState.RESET, 0, 0, 0, 0);

    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[CLEARED_BYTES]);
    private final UnsafeBuffer zeros = new UnsafeBuffer(new byte[CLEARED_BYTES]);
    private int iommus;
    private boolean isLosing;
    private long lost;

    private LiveSession(EventAppender store, SessionInfo session) {
        super(store, session);
    }

    /**
     * Begins a session of a machine without IOMMUs.
     *
     * @param store takes the events; stays open
     * @param name of what runs; it decides about the session's id
     * @param seed of what runs, if it takes one; it decides about the session's id too
     */
    public static LiveSession begin(EventAppender store, String name, long seed) {
        return new LiveSession(store, describe(name, seed, WITHOUT_IOMMUS, CONTRACT));
    }

    /**
     * The recorder is too slow for a while: it loses markers of calls, phases and exits, and says afterwards how many. Inputs and
     * observations are kept, so that a replay ends in the same state.
     *
     * @param work what happens meanwhile
     */
    public void whileMarkersAreLost(Runnable work) {
        isLosing = true;
        work.run();
        isLosing = false;
        of(HOST, PHYSICAL).gap(GapReason.SOURCE_LOST, lost, STEP_NS * lost, "markers");
        lost = 0;
    }

    /** Whether a marker is lost, which is counted. */
    private boolean isLost() {
        lost += isLosing ? 1 : 0;
        return isLosing;
    }

    /** Writes the next event, of the host or a guest. */
    private EventWriter of(int guest, int iommu) {
        return next(guest == HOST ? EventWriter.NO_GUEST : guest, iommu);
    }

    @Override
    public long load(long address) {
        return machine.memory().peek(address);
    }

    @Override
    public void store(int guest, MemoryRole role, long address, long... words) {
        for (int i = 0; i < words.length; i++) {
            bytes.putLong(i * Long.BYTES, words[i], LITTLE_ENDIAN);
        }
        of(guest, PHYSICAL)
                .memoryWrite(MemoryOrigin.CPU_STORE, Names.region(role), address, bytes, 0, words.length * Long.BYTES);
    }

    @Override
    public void clear(int guest, MemoryRole role, long address, long bytes) {
        for (long done = 0; done < bytes; done += CLEARED_BYTES) {
            int part = (int) Math.min(CLEARED_BYTES, bytes - done);
            of(guest, PHYSICAL).memoryWrite(MemoryOrigin.CPU_STORE, Names.region(role), address + done, zeros, 0, part);
        }
    }

    @Override
    public void deviceStore(long address, long word) {
        bytes.putLong(0, word, LITTLE_ENDIAN);
        of(HOST, PHYSICAL)
                .memoryWrite(MemoryOrigin.DEVICE, Names.region(MemoryRole.DATA), address, bytes, 0, Long.BYTES);
    }

    @Override
    public void writeRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes, long value) {
        of(guest, iommu).mmioWrite(Spaces.recorded(space), sizeBytes, Integer.toUnsignedLong(offset), value);
        observe(iommu);
    }

    @Override
    public long readRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes) {
        MmioSpace recorded = Spaces.recorded(space);
        long place = Integer.toUnsignedLong(offset);
        of(guest, iommu).mmioRead(recorded, sizeBytes, place);
        long value = applier.readValue();
        observe(iommu);
        of(guest, iommu).mmioReadValue(recorded, sizeBytes, RegisterReport.READ, place, value);
        return value;
    }

    @Override
    public TranslationDecision dma(
            int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return dma(iommu, requester, pasid, address, lengthBytes, access, false);
    }

    @Override
    public TranslationDecision translatedDma(
            int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return dma(iommu, requester, pasid, address, lengthBytes, access, true);
    }

    private TranslationDecision dma(
            int iommu,
            int requester,
            int pasid,
            long address,
            int lengthBytes,
            AccessKind access,
            boolean isTranslated) {
        int prefix = prefix(pasid);
        heard.request(prefix);
        of(HOST, iommu).dmaRequest(Names.access(access, isTranslated), requester, address, lengthBytes, prefix);
        TranslationDecision decision = applier.decision();
        observe(iommu);
        return decision;
    }

    private static int prefix(int pasid) {
        return pasid == EffectSink.NO_PASID ? EventWriter.NO_PASID : pasid;
    }

    @Override
    public long target() {
        return heard.target();
    }

    @Override
    public AtsStatus translationRequest(
            int iommu, int requester, int pasid, long address, int lengthBytes, boolean noWrite) {
        int prefix = prefix(pasid);
        heard.request(prefix);
        of(HOST, iommu).atsRequest(noWrite, requester, address, lengthBytes, prefix);
        AtsStatus answer = applier.answer();
        observe(iommu);
        return answer;
    }

    @Override
    public void invalidationResponse(int iommu, int requester, int tags) {
        of(HOST, iommu).invalidateResponse(InvalidationOutcome.ANSWERED, requester, tags);
        observe(iommu);
    }

    @Override
    public PageRequestDecision pageRequest(
            int iommu, int requester, int pasid, long address, int rights, int group, boolean last) {
        boolean isPrivileged = pasid != EffectSink.NO_PASID && (rights & USER_RIGHT) == 0;
        int prefix = isPrivileged ? pasid | PRIVILEGED : prefix(pasid);
        of(HOST, iommu).pageRequest(rights & USER_RIGHT - 1, requester, address, prefix, group, last);
        PageRequestDecision decision = applier.pageDecision();
        observe(iommu);
        return decision;
    }

    @Override
    public InterruptDecision interrupt(int iommu, int requester, long address, int data) {
        of(HOST, iommu).interruptRequest(requester, address, data);
        InterruptDecision decision = applier.interruptDecision();
        observe(iommu);
        return decision;
    }

    @Override
    public void inject(int iommu, HardwareFault fault) {
        of(HOST, iommu).injected(Names.action(fault.kind()), fault.address(), fault.value(), fault.bytes(), "");
        observe(iommu);
    }

    @Override
    public int addIommu(IommuDescription description) {
        if (iommus == MOST_IOMMUS) {
            throw new IllegalStateException("a machine has at most " + MOST_IOMMUS + " IOMMUs");
        }
        of(HOST, iommus).iommuStart(Names.info(description));
        return iommus++;
    }

    @Override
    public void listen(int iommu, EffectSink listener) {
        listeners.add(iommu, listener);
    }

    @Override
    public void vmExit(int guest, ExitCause cause, long address) {
        if (!isLost()) {
            of(guest, PHYSICAL).vmExit(Names.reason(cause), address, 0);
        }
    }

    @Override
    public void enter(int guest, String call, int requester, long iova, long physical, long size) {
        if (!isLost()) {
            of(guest, PHYSICAL).driverCall(CallPhase.ENTER, requester, 0, iova, physical, size, call, "");
        }
    }

    @Override
    public void leave(int guest, String call, int result) {
        if (!isLost()) {
            of(guest, PHYSICAL).driverCall(CallPhase.EXIT, NO_REQUESTER, result, 0, 0, 0, call, "");
        }
    }

    @Override
    public void note(int guest, String call, int requester, long iova, long physical, long size) {
        if (!isLost()) {
            of(guest, PHYSICAL).driverCall(CallPhase.POINT, requester, 0, iova, physical, size, call, "");
        }
    }

    @Override
    public void phase(String name, boolean begins) {
        if (!isLost()) {
            of(HOST, PHYSICAL).phase(begins ? CallPhase.ENTER : CallPhase.EXIT, name);
        }
    }
}
