package org.iorewind.replay;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.translate.RequestKind;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.sbe.AtsRequestDecoder;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.InjectedEventDecoder;
import org.iorewind.trace.sbe.InterruptRequestDecoder;
import org.iorewind.trace.sbe.InvalidateResponseDecoder;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.iorewind.trace.sbe.MmioReadDecoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.iorewind.trace.sbe.PageRequestDecoder;
import org.iorewind.trace.sbe.PageRightsDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Applies input events to a machine: one switch on the event kind, for a live session and for a replay alike. Allocates
 * nothing per event. Not thread-safe.
 */
public final class Applier implements Stateful {
    private static final int PAGE_BYTES = 4096;
    private static final int NO_PREFIX = -1;
    private static final int PASID_MASK = 0xF_FFFF;
    private static final int EXECUTE = 1 << 20;
    private static final int PAGE_READ = 1;
    private static final int PAGE_WRITE = 2;
    private static final int PAGE_EXECUTE = 4;
    private static final int PAGE_USER = 8;
    private static final int PAGE_GROUP = 0x1FF;
    private static final int PRIVILEGED = 1 << 21;
    /** Longest request that is decided page by page; a PCIe request has at most 4 KiB, merged ones may be longer. */
    private static final long LONGEST_REQUEST = 1 << 20;

    private final Machine machine;
    private final EffectSink effects;
    private final MmioWriteDecoder mmioWrite = new MmioWriteDecoder();
    private final MmioReadDecoder mmioRead = new MmioReadDecoder();
    private final MemoryWriteDecoder memoryWrite = new MemoryWriteDecoder();
    private final DmaRequestDecoder dmaRequest = new DmaRequestDecoder();
    private final InterruptRequestDecoder interruptRequest = new InterruptRequestDecoder();
    private final AtsRequestDecoder atsRequest = new AtsRequestDecoder();
    private final InvalidateResponseDecoder invalidateResponse = new InvalidateResponseDecoder();
    private final PageRequestDecoder pageRequest = new PageRequestDecoder();
    private final InjectedEventDecoder injected = new InjectedEventDecoder();
    private long readValue;
    private long readOffset = -1;
    private int readSize;
    private int readIommu;
    private MmioSpace readSpace = MmioSpace.HOST;
    private Iommu iommu;
    private TranslationDecision decision = TranslationDecision.NOT_RECORDED;
    private AtsStatus answer = AtsStatus.UNDECIDED;
    private PageRequestDecision pageDecision = PageRequestDecision.NOT_RECORDED;
    private InterruptDecision interruptDecision = InterruptDecision.NOT_RECORDED;
    private AccessKind access = AccessKind.UNKNOWN;
    private RequestKind kind = RequestKind.UNTRANSLATED;

    /**
     * Applies to a machine.
     *
     * @param machine to change
     * @param effects is told of inputs that the model has no procedure for yet
     */
    public Applier(Machine machine, EffectSink effects) {
        this.machine = machine;
        this.effects = effects;
        this.iommu = machine.iommu();
    }

    /**
     * Applies one event; does nothing for events that are not inputs.
     *
     * @return whether the event was an input
     */
    public boolean apply(EventView event) {
        EventKind kind = event.kind();
        if (kind == null || kind.eventClass() != EventClass.INPUT) {
            return false;
        }
        applyInput(event, kind);
        return true;
    }

    /** Applies an event that is an input. */
    void applyInput(EventView event, EventKind kind) {
        int number = event.iommu();
        if (kind == EventKind.IOMMU_START) {
            machine.start(number, IommuInfo.of(event));
            return;
        }
        @Nullable Iommu receiver = machine.iommuOrNull(number);
        if (receiver == null) {
            effects.notModelled(Feature.SEVERAL_IOMMUS, number);
            return;
        }
        iommu = receiver;
        switch (kind) {
            case SESSION_START -> {}
            case MMIO_WRITE -> writeRegister(event);
            case MMIO_READ -> readRegister(event);
            case MEMORY_WRITE -> writeMemory(event);
            case DMA_REQUEST -> requestDma(event);
            case INTERRUPT_REQUEST -> requestInterrupt(event);
            case ATS_REQUEST -> requestTranslation(event);
            case PAGE_REQUEST -> requestPage(event);
            case INJECTED_EVENT -> inject(event);
            case INVALIDATE_RESPONSE -> answerInvalidations(event);
            default -> throw new IllegalStateException("an input without a procedure: kind=" + kind);
        }
    }

    /** Whether the last {@code MmioRead} was of this register and size, so that {@link #readValue()} answers it. */
    public boolean hasRead(int iommu, MmioSpace space, long registerOffset, int size) {
        return readOffset == registerOffset && readSize == size && readIommu == iommu && readSpace == space;
    }

    /** What the last {@code MmioRead} returned. */
    public long readValue() {
        return readValue;
    }

    /** What became of the last {@code DmaRequest}, of its last page if it had several. */
    public TranslationDecision decision() {
        return decision;
    }

    /** How the last {@code AtsRequest} was completed. */
    public AtsStatus answer() {
        return answer;
    }

    /** What became of the last {@code PageRequest}. */
    public PageRequestDecision pageDecision() {
        return pageDecision;
    }

    /** What became of the last {@code InterruptRequest}. */
    public InterruptDecision interruptDecision() {
        return interruptDecision;
    }

    /** What the last {@code DmaRequest} or {@code AtsRequest} wanted. */
    public AccessKind access() {
        return access;
    }

    /** Whether the last of these was translated already, or a question for a translation. */
    public RequestKind requestKind() {
        return kind;
    }

    private void writeRegister(EventView event) {
        mmioWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        @Nullable RegisterSpace space = Spaces.model(mmioWrite.space());
        if (space == null) {
            effects.notModelled(Feature.MMIO_SPACE, mmioWrite.registerOffset());
        } else if ((event.flags() & EventFlag.VALUE_UNKNOWN) == 0) {
            iommu.write(space, (int) mmioWrite.registerOffset(), mmioWrite.size(), mmioWrite.value());
        }
    }

    private void readRegister(EventView event) {
        mmioRead.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        readSpace = mmioRead.space();
        readOffset = mmioRead.registerOffset();
        readSize = mmioRead.size();
        readIommu = event.iommu();
        @Nullable RegisterSpace space = Spaces.model(readSpace);
        if (space == null) {
            effects.notModelled(Feature.MMIO_SPACE, readOffset);
            readSize = 0;
        } else {
            readValue = iommu.read(space, (int) readOffset, readSize);
        }
    }

    private void writeMemory(EventView event) {
        memoryWrite.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        long address = memoryWrite.address();
        int data = memoryWrite.limit() + MemoryWriteDecoder.dataHeaderLength();
        if (!machine.memory().write(address, event.buffer(), data, memoryWrite.dataLength())) {
            effects.notModelled(Feature.MEMORY_BUDGET, address);
        }
    }

    /** One request of the trace may cross pages; the IOMMU decides each page by itself. */
    private void requestDma(EventView event) {
        dmaRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int requester = dmaRequest.requester();
        int prefix = (int) dmaRequest.pasid();
        int pasid = pasidOf(prefix);
        boolean isExecute = prefix != NO_PREFIX && (prefix & EXECUTE) != 0;
        boolean isPrivileged = prefix != NO_PREFIX && (prefix & PRIVILEGED) != 0;
        long address = dmaRequest.address();
        DmaAccess wanted = dmaRequest.access();
        access = kindOf(wanted);
        kind = isPretranslated(wanted) ? RequestKind.TRANSLATED : RequestKind.UNTRANSLATED;
        long left = dmaRequest.length();
        if (left > LONGEST_REQUEST) {
            effects.notModelled(Feature.LONG_REQUEST, left);
            left = LONGEST_REQUEST;
        }
        do {
            int inPage = (int) Math.min(Math.max(left, 1), PAGE_BYTES - (address & PAGE_BYTES - 1));
            int part = (int) Math.min(left, inPage);
            if (kind == RequestKind.TRANSLATED) {
                decision = iommu.translatedDma(requester, pasid, address, part, access);
            } else {
                decision = iommu.dma(requester, pasid, address, part, access, isExecute, isPrivileged);
            }
            address += inPage;
            left -= inPage;
        } while (left > 0);
    }

    /** The PASID of a PASID TLP prefix as events hold it, or {@link EffectSink#NO_PASID}. */
    public static int pasidOf(int prefix) {
        return prefix == NO_PREFIX ? EffectSink.NO_PASID : prefix & PASID_MASK;
    }

    /** What a request of the trace wants; what the source does not say, or a newer version says, is unknown. */
    public static AccessKind kindOf(DmaAccess access) {
        return switch (access) {
            case READ, READ_TRANSLATED -> AccessKind.READ;
            case WRITE, WRITE_TRANSLATED -> AccessKind.WRITE;
            case ATOMIC, ATOMIC_TRANSLATED -> AccessKind.ATOMIC;
            default -> AccessKind.UNKNOWN;
        };
    }

    /** Whether a request of the trace has an address that the device has translated itself. */
    public static boolean isPretranslated(DmaAccess access) {
        return access == DmaAccess.READ_TRANSLATED
                || access == DmaAccess.WRITE_TRANSLATED
                || access == DmaAccess.ATOMIC_TRANSLATED;
    }

    private void requestTranslation(EventView event) {
        atsRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int prefix = (int) atsRequest.pasid();
        boolean noWrite = atsRequest.noWrite() != 0;
        access = noWrite ? AccessKind.READ : AccessKind.ATOMIC;
        kind = RequestKind.TRANSLATION;
        answer = iommu.translationRequest(
                atsRequest.requester(),
                pasidOf(prefix),
                atsRequest.address(),
                (int) Math.min(atsRequest.length(), LONGEST_REQUEST),
                noWrite,
                prefix != NO_PREFIX && (prefix & EXECUTE) != 0,
                prefix != NO_PREFIX && (prefix & PRIVILEGED) != 0);
    }

    private void answerInvalidations(EventView event) {
        invalidateResponse.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int requester = invalidateResponse.requester();
        int tags = (int) invalidateResponse.tags();
        if (invalidateResponse.outcome() == InvalidationOutcome.TIMED_OUT) {
            iommu.invalidationTimeout(requester, tags);
        } else {
            iommu.invalidationResponse(requester, tags);
        }
    }

    private void requestPage(EventView event) {
        pageRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        PageRightsDecoder wanted = pageRequest.rights();
        int prefix = (int) pageRequest.pasid();
        boolean isUser = prefix != NO_PREFIX && (prefix & PRIVILEGED) == 0;
        int rights = (wanted.read() ? PAGE_READ : 0)
                | (wanted.write() ? PAGE_WRITE : 0)
                | (wanted.execute() ? PAGE_EXECUTE : 0)
                | (isUser ? PAGE_USER : 0);
        pageDecision = iommu.pageRequest(
                pageRequest.requester(),
                pasidOf(prefix),
                pageRequest.address(),
                rights,
                pageRequest.group() & PAGE_GROUP,
                pageRequest.last() != 0);
    }

    private void requestInterrupt(EventView event) {
        interruptRequest.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        interruptDecision = iommu.interrupt(
                interruptRequest.requester(), interruptRequest.address(), (int) interruptRequest.data());
    }

    private void inject(EventView event) {
        injected.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        switch (injected.action()) {
            case RESET -> iommu.reset();
            case FORCE_REGISTER -> iommu.forceRegister((int) injected.address(), injected.value());
            case MEMORY_ABORT -> fail(MemoryStatus.ABORT);
            case MEMORY_POISON -> fail(MemoryStatus.POISON);
            case MEMORY_HEAL -> machine.memory().heal(injected.address(), length());
            case FORCE_LOG_ENTRY -> iommu.forceLogEntry(injected.address(), injected.value());
            case DEVICE_TIMEOUT -> iommu.deviceStopsAnswering((int) injected.value());
            default -> {}
        }
    }

    private void fail(MemoryStatus status) {
        machine.memory().injectFailure(injected.address(), length(), status);
    }

    /** The length of an injected range: unsigned, at least one byte. */
    private long length() {
        return injected.length() < 0 ? Long.MAX_VALUE : Math.max(1, injected.length());
    }

    /** Gives what observations of the last input are compared with; the machine saves itself. */
    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(readValue);
        sink.addLong(readOffset);
        sink.addLong(readSize);
        sink.addLong(readIommu);
        sink.addLong(readSpace.ordinal());
        sink.addLong(decision.ordinal());
        sink.addLong(answer.ordinal());
        sink.addLong(pageDecision.ordinal());
        sink.addLong(interruptDecision.ordinal());
        sink.addLong(access.ordinal());
        sink.addLong(kind.ordinal());
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        readValue = source.next();
        readOffset = source.next();
        readSize = (int) source.next();
        readIommu = (int) source.next();
        readSpace = one(MmioSpace.values(), source);
        decision = one(TranslationDecision.values(), source);
        answer = one(AtsStatus.values(), source);
        pageDecision = one(PageRequestDecision.values(), source);
        interruptDecision = one(InterruptDecision.values(), source);
        access = one(AccessKind.values(), source);
        kind = one(RequestKind.values(), source);
    }

    private static <T> T one(T[] values, StateImage.Reader source) {
        return values[source.nextBelow(values.length)];
    }
}
