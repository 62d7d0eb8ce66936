package org.iorewind.trace;

import static org.iorewind.trace.FrameDescriptor.HEADER_LENGTH;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.sbe.AtsRequestEncoder;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.CheckpointEncoder;
import org.iorewind.trace.sbe.CommandConsumedEncoder;
import org.iorewind.trace.sbe.CompletionStoreEncoder;
import org.iorewind.trace.sbe.ConsoleLineEncoder;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.DmaRequestEncoder;
import org.iorewind.trace.sbe.DriverCallEncoder;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.ExitReason;
import org.iorewind.trace.sbe.GapEncoder;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InjectedEventEncoder;
import org.iorewind.trace.sbe.InterruptDeliveredEncoder;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.InterruptRequestEncoder;
import org.iorewind.trace.sbe.LogEntryEncoder;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.MarkEncoder;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MemoryWriteEncoder;
import org.iorewind.trace.sbe.MessageHeaderEncoder;
import org.iorewind.trace.sbe.MmioReadEncoder;
import org.iorewind.trace.sbe.MmioReadValueEncoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteEncoder;
import org.iorewind.trace.sbe.OriginEncoder;
import org.iorewind.trace.sbe.PageRequestEncoder;
import org.iorewind.trace.sbe.PageResponseEncoder;
import org.iorewind.trace.sbe.PhaseEncoder;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.SessionEndEncoder;
import org.iorewind.trace.sbe.SessionStartEncoder;
import org.iorewind.trace.sbe.StateHashEncoder;
import org.iorewind.trace.sbe.TranslationEncoder;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.sbe.VmExitEncoder;

/**
 * Writes events of every kind, with their fields in the schema's order. Used by importers and recorders.
 *
 * <p>{@link #at}, {@link #source}, {@link #iommu} and {@link #guest} stay as set; {@link #flags} hold for the next
 * event only. Text is cut at {@value #MAX_TEXT_BYTES} bytes of UTF-8, between characters. Numbers that are wider than
 * their field lose their high bits. Each method returns the sequence number that the event was given, and throws
 * {@link TraceStoreException} if the store cannot take it.
 *
 * <p>Allocates nothing per event. Not thread-safe. Does not close the appender.
 */
public final class EventWriter {
    /** Value of a {@code pasid} parameter when the request carries no PASID prefix. */
    public static final int NO_PASID = -1;
    /** Value of a {@code domain} parameter when the source does not say. */
    public static final int NO_DOMAIN = -1;
    /** Value for {@link #guest} when events belong to no guest. */
    public static final int NO_GUEST = -1;
    /** Longest text of one field in bytes of UTF-8. */
    public static final int MAX_TEXT_BYTES = 60_000;
    /** Memory content is split into events of at most this many bytes. */
    public static final int MAX_DATA_BYTES = 32 * 1024;
    /** Longest payload of a checkpoint in bytes. */
    public static final int MAX_CHECKPOINT_BYTES = 0xFFFF;

    private static final int BUFFER_LENGTH = 256 * 1024;

    private final EventAppender appender;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final Utf8Scratch scratch = new Utf8Scratch(MAX_TEXT_BYTES);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionStartEncoder sessionStart = new SessionStartEncoder();
    private final MemoryWriteEncoder memoryWrite = new MemoryWriteEncoder();
    private final CheckpointEncoder checkpoint = new CheckpointEncoder();
    private final OriginEncoder origin = new OriginEncoder();
    private final MmioWriteEncoder mmioWrite = new MmioWriteEncoder();
    private final MmioReadEncoder mmioRead = new MmioReadEncoder();
    private final DmaRequestEncoder dmaRequest = new DmaRequestEncoder();
    private final InterruptRequestEncoder interruptRequest = new InterruptRequestEncoder();
    private final AtsRequestEncoder atsRequest = new AtsRequestEncoder();
    private final PageRequestEncoder pageRequest = new PageRequestEncoder();
    private final PageResponseEncoder pageResponse = new PageResponseEncoder();
    private final InjectedEventEncoder injectedEvent = new InjectedEventEncoder();
    private final MmioReadValueEncoder mmioReadValue = new MmioReadValueEncoder();
    private final CommandConsumedEncoder commandConsumed = new CommandConsumedEncoder();
    private final TranslationEncoder translation = new TranslationEncoder();
    private final LogEntryEncoder logEntry = new LogEntryEncoder();
    private final CompletionStoreEncoder completionStore = new CompletionStoreEncoder();
    private final InterruptDeliveredEncoder interruptDelivered = new InterruptDeliveredEncoder();
    private final VmExitEncoder vmExit = new VmExitEncoder();
    private final DriverCallEncoder driverCall = new DriverCallEncoder();
    private final PhaseEncoder phase = new PhaseEncoder();
    private final ConsoleLineEncoder consoleLine = new ConsoleLineEncoder();
    private final MarkEncoder mark = new MarkEncoder();
    private final GapEncoder gap = new GapEncoder();
    private final StateHashEncoder stateHash = new StateHashEncoder();
    private final SessionEndEncoder sessionEnd = new SessionEndEncoder();
    private long timeNs;
    private int source;
    private int iommu;
    private int guest = NO_GUEST;
    private int flags;

    /** A writer of events into the appender. */
    public EventWriter(EventAppender appender) {
        this.appender = appender;
    }

    /** Sets the time of the following events, in ns since the session's start. */
    public EventWriter at(long timeNs) {
        this.timeNs = timeNs;
        return this;
    }

    /** Sets the number of the source of the following events, 0 to 255. */
    public EventWriter source(int source) {
        this.source = source;
        return this;
    }

    /** Sets the number of the IOMMU of the following events, 0 to 255. */
    public EventWriter iommu(int iommu) {
        this.iommu = iommu;
        return this;
    }

    /** Sets the GuestID of the following events, or {@link #NO_GUEST}. */
    public EventWriter guest(int guest) {
        this.guest = guest;
        return this;
    }

    /** Sets {@link EventFlag} bits of the next event only. */
    public EventWriter flags(int flags) {
        this.flags = flags;
        return this;
    }

    /**
     * The first event of every session.
     *
     * @param session what is being recorded
     * @return the sequence number
     */
    public long sessionStart(SessionInfo session) {
        sessionStart.wrapAndApplyHeader(buffer, 0, header);
        sessionStart
                .fidelity(session.fidelity())
                .startState(session.startState())
                .iommuCount((short) session.iommuCount())
                .sessionIdHigh(session.idHigh())
                .sessionIdLow(session.idLow())
                .startUnixNs(session.startUnixNs())
                .mmioBase(session.mmioBase())
                .extendedFeatures(session.extendedFeatures())
                .extendedFeatures2(session.extendedFeatures2())
                .observes(session.observes());
        sessionStart.putProfile(scratch.encode(session.profile()).bytes(), 0, scratch.length());
        sessionStart.putTool(scratch.encode(session.tool()).bytes(), 0, scratch.length());
        sessionStart.putPlatform(scratch.encode(session.platform()).bytes(), 0, scratch.length());
        sessionStart.putContract(scratch.encode(session.contract()).bytes(), 0, scratch.length());
        return finish(sessionStart.encodedLength());
    }

    /** As {@link #memoryWrite(MemoryOrigin, MemoryRegion, long, DirectBuffer, int, int)}, from an array. */
    public long memoryWrite(
            MemoryOrigin from, MemoryRegion region, long address, byte[] data, int offset, int length) {
        bytes.wrap(data);
        return memoryWrite(from, region, address, bytes, offset, length);
    }

    /**
     * Memory now holds these bytes. More than {@value #MAX_DATA_BYTES} bytes become several events in a row.
     *
     * @param from who says so
     * @param region what software uses the memory for
     * @param address of the first byte
     * @param data holds the bytes
     * @param offset of the first byte in {@code data}
     * @param length in bytes; 0 is allowed
     * @return the sequence number of the last event written
     */
    public long memoryWrite(
            MemoryOrigin from, MemoryRegion region, long address, DirectBuffer data, int offset, int length) {
        int eventFlags = flags;
        int done = 0;
        long sequence;
        do {
            int part = Math.min(length - done, MAX_DATA_BYTES);
            flags = eventFlags;
            memoryWrite.wrapAndApplyHeader(buffer, 0, header);
            memoryWrite.from(from).region(region).address(address + done).putData(data, offset + done, part);
            sequence = finish(memoryWrite.encodedLength());
            done += part;
        } while (done < length);
        return sequence;
    }

    /**
     * A write to a register.
     *
     * @param space register space
     * @param size 1, 2, 4 or 8 bytes
     * @param registerOffset offset in the space
     * @param value as written, in the low {@code size} bytes
     * @return the sequence number
     */
    public long mmioWrite(MmioSpace space, int size, long registerOffset, long value) {
        mmioWrite.wrapAndApplyHeader(buffer, 0, header);
        mmioWrite.space(space).size((short) size).registerOffset(registerOffset).value(value);
        return finish(mmioWrite.encodedLength());
    }

    /**
     * A read of a register. The answer, if known, follows as {@link #mmioReadValue}.
     *
     * @param space register space
     * @param size 1, 2, 4 or 8 bytes
     * @param registerOffset offset in the space
     * @return the sequence number
     */
    public long mmioRead(MmioSpace space, int size, long registerOffset) {
        mmioRead.wrapAndApplyHeader(buffer, 0, header);
        mmioRead.space(space).size((short) size).registerOffset(registerOffset);
        return finish(mmioRead.encodedLength());
    }

    /**
     * A request of a device to memory.
     *
     * @param access what it wants to do
     * @param requester 16-bit requester id
     * @param address as the device issued it
     * @param length bytes, unsigned; 0 if unknown
     * @param pasid PASID prefix, or {@link #NO_PASID}
     * @return the sequence number
     */
    public long dmaRequest(DmaAccess access, int requester, long address, int length, int pasid) {
        dmaRequest.wrapAndApplyHeader(buffer, 0, header);
        dmaRequest
                .access(access)
                .requester(requester & 0xFFFF)
                .address(address)
                .length(Integer.toUnsignedLong(length))
                .pasid(Integer.toUnsignedLong(pasid));
        return finish(dmaRequest.encodedLength());
    }

    /**
     * An interrupt message of a device.
     *
     * @param requester 16-bit requester id
     * @param address of the message
     * @param data of the message
     * @return the sequence number
     */
    public long interruptRequest(int requester, long address, int data) {
        interruptRequest.wrapAndApplyHeader(buffer, 0, header);
        interruptRequest.requester(requester & 0xFFFF).address(address).data(Integer.toUnsignedLong(data));
        return finish(interruptRequest.encodedLength());
    }

    /**
     * A PCIe translation request.
     *
     * @param noWrite the device does not ask for write access
     * @param requester 16-bit requester id
     * @param address untranslated
     * @param length bytes, unsigned
     * @param pasid PASID prefix, or {@link #NO_PASID}
     * @return the sequence number
     */
    public long atsRequest(boolean noWrite, int requester, long address, int length, int pasid) {
        atsRequest.wrapAndApplyHeader(buffer, 0, header);
        atsRequest
                .noWrite((short) (noWrite ? 1 : 0))
                .requester(requester & 0xFFFF)
                .address(address)
                .length(Integer.toUnsignedLong(length))
                .pasid(Integer.toUnsignedLong(pasid));
        return finish(atsRequest.encodedLength());
    }

    /**
     * A PCIe page request.
     *
     * @param rights {@link PageRight} bits asked for
     * @param requester 16-bit requester id
     * @param address of the page
     * @param pasid PASID prefix, or {@link #NO_PASID}
     * @param group page request group index
     * @param last last request of the group
     * @return the sequence number
     */
    public long pageRequest(int rights, int requester, long address, int pasid, int group, boolean last) {
        pageRequest.wrapAndApplyHeader(buffer, 0, header);
        pageRequest
                .requester(requester & 0xFFFF)
                .address(address)
                .pasid(Integer.toUnsignedLong(pasid))
                .group(group & 0xFFFF)
                .last((short) (last ? 1 : 0));
        buffer.putByte(HEADER_LENGTH + PageRequestEncoder.rightsEncodingOffset(), (byte) rights);
        return finish(pageRequest.encodedLength());
    }

    /**
     * A PCIe page request group response.
     *
     * @param code response code
     * @param requester 16-bit requester id
     * @param group page request group index
     * @param pasid PASID prefix, or {@link #NO_PASID}
     * @return the sequence number
     */
    public long pageResponse(int code, int requester, int group, int pasid) {
        pageResponse.wrapAndApplyHeader(buffer, 0, header);
        pageResponse
                .code((short) code)
                .requester(requester & 0xFFFF)
                .group(group & 0xFFFF)
                .pasid(Integer.toUnsignedLong(pasid));
        return finish(pageResponse.encodedLength());
    }

    /**
     * Something done to the IOMMU from outside.
     *
     * @param action what was done
     * @param address see the action
     * @param value see the action
     * @param length bytes, see the action
     * @param note why
     * @return the sequence number
     */
    public long injected(InjectedAction action, long address, long value, long length, String note) {
        injectedEvent.wrapAndApplyHeader(buffer, 0, header);
        injectedEvent.action(action).address(address).value(value).length(length);
        injectedEvent.putNote(scratch.encode(note).bytes(), 0, scratch.length());
        return finish(injectedEvent.encodedLength());
    }

    /**
     * The value of a register, as the recorded system gave it.
     *
     * @param space register space
     * @param size 1, 2, 4 or 8 bytes
     * @param report how it became known
     * @param registerOffset offset in the space
     * @param value in the low {@code size} bytes
     * @return the sequence number
     */
    public long mmioReadValue(MmioSpace space, int size, RegisterReport report, long registerOffset, long value) {
        mmioReadValue.wrapAndApplyHeader(buffer, 0, header);
        mmioReadValue.space(space).size((short) size).report(report).registerOffset(registerOffset).value(value);
        return finish(mmioReadValue.encodedLength());
    }

    /**
     * The IOMMU took a command; only bits set in the masks are known.
     *
     * @param ringHead byte offset of the command in the ring
     * @param ringTail byte offset of the tail
     * @param ringBase address of the ring
     * @param qword0 low half of the command
     * @param qword0Known its known bits
     * @param qword1 high half of the command
     * @param qword1Known its known bits
     * @return the sequence number
     */
    public long commandConsumed(
            long ringHead, long ringTail, long ringBase, long qword0, long qword0Known, long qword1, long qword1Known) {
        commandConsumed.wrapAndApplyHeader(buffer, 0, header);
        commandConsumed
                .ringHead(ringHead)
                .ringTail(ringTail)
                .ringBase(ringBase)
                .qword0(qword0)
                .qword0Known(qword0Known)
                .qword1(qword1)
                .qword1Known(qword1Known);
        return finish(commandConsumed.encodedLength());
    }

    /**
     * What became of the DMA request before it.
     *
     * @param outcome how it ended
     * @param cache what the IOTLB said
     * @param rights {@link PageRight} bits found
     * @param requester 16-bit requester id
     * @param domain DomainID, or {@link #NO_DOMAIN}
     * @param pasid PASID prefix, or {@link #NO_PASID}
     * @param address as the device issued it
     * @param result start of the translated page
     * @return the sequence number
     */
    public long translation(
            TranslationOutcome outcome, CacheAnswer cache, int rights, int requester, int domain, int pasid, long address, long result) {
        translation.wrapAndApplyHeader(buffer, 0, header);
        translation
                .outcome(outcome)
                .cache(cache)
                .requester(requester & 0xFFFF)
                .domain(Integer.toUnsignedLong(domain))
                .pasid(Integer.toUnsignedLong(pasid))
                .address(address)
                .result(result);
        buffer.putByte(HEADER_LENGTH + TranslationEncoder.rightsEncodingOffset(), (byte) rights);
        return finish(translation.encodedLength());
    }

    /**
     * The IOMMU wrote a log entry; only bits set in the masks are known.
     *
     * @param log which log
     * @param ringOffset byte offset in the log, or -1 if unknown
     * @param qword0 low half of the entry
     * @param qword0Known its known bits
     * @param qword1 high half of the entry
     * @param qword1Known its known bits
     * @return the sequence number
     */
    public long logEntry(LogKind log, int ringOffset, long qword0, long qword0Known, long qword1, long qword1Known) {
        logEntry.wrapAndApplyHeader(buffer, 0, header);
        logEntry
                .log(log)
                .ringOffset(Integer.toUnsignedLong(ringOffset))
                .qword0(qword0)
                .qword0Known(qword0Known)
                .qword1(qword1)
                .qword1Known(qword1Known);
        return finish(logEntry.encodedLength());
    }

    /**
     * The store of a COMPLETION_WAIT command.
     *
     * @param address where
     * @param data what
     * @return the sequence number
     */
    public long completionStore(long address, long data) {
        completionStore.wrapAndApplyHeader(buffer, 0, header);
        completionStore.address(address).data(data);
        return finish(completionStore.encodedLength());
    }

    /**
     * What became of the interrupt request before it, or an interrupt of the IOMMU itself.
     *
     * @param outcome how it ended
     * @param irteKnown bytes of the table entry that are known: 0, 4 or 16
     * @param data of the message delivered
     * @param address of the message delivered
     * @param irteAddress where the table entry lies
     * @param irteLow low half of the table entry
     * @param irteHigh high half of the table entry
     * @return the sequence number
     */
    public long interruptDelivered(
            InterruptOutcome outcome, int irteKnown, int data, long address, long irteAddress, long irteLow, long irteHigh) {
        interruptDelivered.wrapAndApplyHeader(buffer, 0, header);
        interruptDelivered
                .outcome(outcome)
                .irteKnown((short) irteKnown)
                .data(Integer.toUnsignedLong(data))
                .address(address)
                .irteAddress(irteAddress)
                .irteLow(irteLow)
                .irteHigh(irteHigh);
        return finish(interruptDelivered.encodedLength());
    }

    /**
     * The guest left its CPU for the VMM.
     *
     * @param reason why
     * @param address guest-physical address that caused it
     * @param durationNs until the guest ran again; 0 if unknown
     * @return the sequence number
     */
    public long vmExit(ExitReason reason, long address, long durationNs) {
        vmExit.wrapAndApplyHeader(buffer, 0, header);
        vmExit.reason(reason).address(address).durationNs(durationNs);
        return finish(vmExit.encodedLength());
    }

    /**
     * A call inside a driver.
     *
     * @param phase enter, exit or point
     * @param requester 16-bit requester id, or -1 if the source does not say
     * @param result of the call
     * @param iova I/O virtual address
     * @param physical address
     * @param size bytes
     * @param call map, unmap, attach, ...
     * @param arguments the rest, as text
     * @return the sequence number
     */
    public long driverCall(
            CallPhase phase, int requester, int result, long iova, long physical, long size, String call, String arguments) {
        driverCall.wrapAndApplyHeader(buffer, 0, header);
        driverCall.phase(phase).requester(requester & 0xFFFF).result(result).iova(iova).physical(physical).size(size);
        driverCall.putCall(scratch.encode(call).bytes(), 0, scratch.length());
        driverCall.putArguments(scratch.encode(arguments).bytes(), 0, scratch.length());
        return finish(driverCall.encodedLength());
    }

    /**
     * A phase of the work begins or ends.
     *
     * @param phase enter, exit or point
     * @param name of the phase
     * @return the sequence number
     */
    public long phase(CallPhase phase, String name) {
        this.phase.wrapAndApplyHeader(buffer, 0, header);
        this.phase.phase(phase);
        this.phase.putName(scratch.encode(name).bytes(), 0, scratch.length());
        return finish(this.phase.encodedLength());
    }

    /**
     * A line of a console.
     *
     * @param text without line end
     * @return the sequence number
     */
    public long consoleLine(String text) {
        consoleLine.wrapAndApplyHeader(buffer, 0, header);
        consoleLine.putText(scratch.encode(text).bytes(), 0, scratch.length());
        return finish(consoleLine.encodedLength());
    }

    /**
     * A mark set by the user.
     *
     * @param number unsigned
     * @param text what it is for
     * @return the sequence number
     */
    public long mark(int number, String text) {
        mark.wrapAndApplyHeader(buffer, 0, header);
        mark.number(Integer.toUnsignedLong(number));
        mark.putText(scratch.encode(text).bytes(), 0, scratch.length());
        return finish(mark.encodedLength());
    }

    /**
     * Events are missing here.
     *
     * @param reason why
     * @param count of lost records; 0 if unknown
     * @param spanNs time in which they were lost
     * @param note what is known
     * @return the sequence number
     */
    public long gap(GapReason reason, long count, long spanNs, String note) {
        gap.wrapAndApplyHeader(buffer, 0, header);
        gap.reason(reason).count(count).spanNs(spanNs);
        gap.putNote(scratch.encode(note).bytes(), 0, scratch.length());
        return finish(gap.encodedLength());
    }

    /**
     * The hash of the model's state after the last input.
     *
     * @param hash of the state
     * @param profile it was computed under
     * @return the sequence number
     */
    public long stateHash(long hash, String profile) {
        stateHash.wrapAndApplyHeader(buffer, 0, header);
        stateHash.hash(hash);
        stateHash.putProfile(scratch.encode(profile).bytes(), 0, scratch.length());
        return finish(stateHash.encodedLength());
    }

    /**
     * The last event of a recording that ended in order.
     *
     * @param reason why it ended
     * @param note what else is known
     * @return the sequence number
     */
    public long sessionEnd(EndReason reason, String note) {
        sessionEnd.wrapAndApplyHeader(buffer, 0, header);
        sessionEnd.reason(reason);
        sessionEnd.putNote(scratch.encode(note).bytes(), 0, scratch.length());
        return finish(sessionEnd.encodedLength());
    }
    /**
     * A checkpoint of the model's state.
     *
     * @param modelVersion of the model that wrote it
     * @param hash of the state
     * @param profile it was computed under
     * @param payload the state
     * @param offset of the state in {@code payload}
     * @param length of the state in bytes, at most {@value #MAX_CHECKPOINT_BYTES}
     * @return the sequence number
     * @throws IllegalArgumentException if the state is longer
     */
    public long checkpoint(int modelVersion, long hash, String profile, byte[] payload, int offset, int length) {
        if (length > MAX_CHECKPOINT_BYTES) {
            throw new IllegalArgumentException("checkpoint too long: length=" + length);
        }
        checkpoint.wrapAndApplyHeader(buffer, 0, header);
        checkpoint.modelVersion(Integer.toUnsignedLong(modelVersion)).hash(hash);
        checkpoint.putProfile(scratch.encode(profile).bytes(), 0, scratch.length());
        checkpoint.putPayload(payload, offset, length);
        return finish(checkpoint.encodedLength());
    }

    private long finish(int bodyLength) {
        int end = HEADER_LENGTH + bodyLength;
        int length = FrameDescriptor.align(end);
        buffer.setMemory(end, length - end, (byte) 0);
        header.frameWords(length / FrameDescriptor.ALIGNMENT);
        origin.wrap(buffer, HEADER_LENGTH);
        origin.timeNs(timeNs).source((short) source).iommu((short) iommu);
        boolean guestPresent = guest != NO_GUEST;
        origin.guest(guestPresent ? guest & 0xFFFF : 0);
        int allFlags = guestPresent ? flags | EventFlag.GUEST_PRESENT : flags;
        buffer.putByte(FrameDescriptor.FLAGS_OFFSET, (byte) allFlags);
        flags = 0;
        return appender.append(buffer, 0, length);
    }
}
