package org.iorewind.trace;

import static org.iorewind.trace.FrameDescriptor.HEADER_LENGTH;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.sbe.AtsRequestEncoder;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InjectedEventEncoder;
import org.iorewind.trace.sbe.InterruptRequestEncoder;
import org.iorewind.trace.sbe.InvalidateResponseEncoder;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.IommuStartEncoder;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MemoryWriteEncoder;
import org.iorewind.trace.sbe.MmioReadEncoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteEncoder;
import org.iorewind.trace.sbe.PageRequestEncoder;
import org.iorewind.trace.sbe.SessionStartEncoder;

/** The inputs among the events that {@link EventWriter} writes: what changes the state of the IOMMU. */
public abstract sealed class InputWriter extends FrameWriter permits ObservationWriter {
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final SessionStartEncoder sessionStart = new SessionStartEncoder();
    private final IommuStartEncoder iommuStart = new IommuStartEncoder();
    private final MemoryWriteEncoder memoryWrite = new MemoryWriteEncoder();
    private final MmioWriteEncoder mmioWrite = new MmioWriteEncoder();
    private final MmioReadEncoder mmioRead = new MmioReadEncoder();
    private final InterruptRequestEncoder interruptRequest = new InterruptRequestEncoder();
    private final AtsRequestEncoder atsRequest = new AtsRequestEncoder();
    private final PageRequestEncoder pageRequest = new PageRequestEncoder();
    private final InvalidateResponseEncoder invalidateResponse = new InvalidateResponseEncoder();
    private final InjectedEventEncoder injectedEvent = new InjectedEventEncoder();

    InputWriter(EventAppender appender) {
        super(appender);
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
        sessionStart
                .deviceOptions()
                .clear()
                .dmaRemappingOff((session.deviceOptions() & SessionInfo.DMA_REMAPPING_OFF) != 0)
                .interruptRemappingOff((session.deviceOptions() & SessionInfo.INTERRUPT_REMAPPING_OFF) != 0)
                .invalidationResponsesRecorded(
                        (session.deviceOptions() & SessionInfo.INVALIDATION_RESPONSES_RECORDED) != 0);
        sessionStart.putProfile(scratch.encode(session.profile()).bytes(), 0, scratch.length());
        sessionStart.putTool(scratch.encode(session.tool()).bytes(), 0, scratch.length());
        sessionStart.putPlatform(scratch.encode(session.platform()).bytes(), 0, scratch.length());
        sessionStart.putContract(scratch.encode(session.contract()).bytes(), 0, scratch.length());
        return finish(EventKind.SESSION_START, sessionStart.encodedLength());
    }

    /**
     * The IOMMU whose number is set exists from here on.
     *
     * @param info what it is
     * @return the sequence number
     */
    public long iommuStart(IommuInfo info) {
        iommuStart.wrapAndApplyHeader(buffer, 0, header);
        iommuStart
                .extendedFeatures(info.extendedFeatures())
                .extendedFeatures2(info.extendedFeatures2())
                .memoryBase(info.memoryBase())
                .memoryBytes(info.memoryBytes());
        int options = HEADER_LENGTH + IommuStartEncoder.optionsEncodingOffset();
        buffer.putShort(options, (short) info.options(), ByteOrder.LITTLE_ENDIAN);
        iommuStart.putProfile(scratch.encode(info.profile()).bytes(), 0, scratch.length());
        return finish(EventKind.IOMMU_START, iommuStart.encodedLength());
    }

    /** As {@link #memoryWrite(MemoryOrigin, MemoryRegion, long, DirectBuffer, int, int)}, from an array. */
    public long memoryWrite(MemoryOrigin from, MemoryRegion region, long address, byte[] data, int offset, int length) {
        bytes.wrap(data);
        return memoryWrite(from, region, address, bytes, offset, length);
    }

    /**
     * Memory now holds these bytes. More than {@value EventWriter#MAX_DATA_BYTES} bytes become several events in a row.
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
            int part = Math.min(length - done, EventWriter.MAX_DATA_BYTES);
            flags = eventFlags;
            memoryWrite.wrapAndApplyHeader(buffer, 0, header);
            memoryWrite.from(from).region(region).address(address + done).putData(data, offset + done, part);
            sequence = finish(EventKind.MEMORY_WRITE, memoryWrite.encodedLength());
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
        return finish(EventKind.MMIO_WRITE, mmioWrite.encodedLength());
    }

    /**
     * A read of a register. The answer, if known, follows as {@link EventWriter#mmioReadValue}.
     *
     * @param space register space
     * @param size 1, 2, 4 or 8 bytes
     * @param registerOffset offset in the space
     * @return the sequence number
     */
    public long mmioRead(MmioSpace space, int size, long registerOffset) {
        mmioRead.wrapAndApplyHeader(buffer, 0, header);
        mmioRead.space(space).size((short) size).registerOffset(registerOffset);
        return finish(EventKind.MMIO_READ, mmioRead.encodedLength());
    }

    /**
     * A request of a device to memory.
     *
     * @param access what it wants to do
     * @param requester 16-bit requester id
     * @param address as the device issued it
     * @param length bytes, unsigned; 0 if unknown
     * @param pasid PASID prefix, or {@link EventWriter#NO_PASID}
     * @return the sequence number
     */
    public long dmaRequest(DmaAccess access, int requester, long address, int length, int pasid) {
        return finish(
                DmaRequestDescriptor.HEADER,
                DmaRequestDescriptor.behindOrigin(access.value(), requester),
                address,
                DmaRequestDescriptor.lastWord(length, pasid));
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
        return finish(EventKind.INTERRUPT_REQUEST, interruptRequest.encodedLength());
    }

    /**
     * A PCIe translation request.
     *
     * @param noWrite the device does not ask for write access
     * @param requester 16-bit requester id
     * @param address untranslated
     * @param length bytes, unsigned
     * @param pasid PASID prefix, or {@link EventWriter#NO_PASID}
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
        return finish(EventKind.ATS_REQUEST, atsRequest.encodedLength());
    }

    /**
     * A PCIe page request.
     *
     * @param rights {@link PageRight} bits asked for
     * @param requester 16-bit requester id
     * @param address of the page
     * @param pasid PASID prefix, or {@link EventWriter#NO_PASID}
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
        return finish(EventKind.PAGE_REQUEST, pageRequest.encodedLength());
    }

    /**
     * A device answers invalidation requests, or its time is over.
     *
     * @param outcome which of the two
     * @param requester 16-bit requester id
     * @param tags bit n: the request with tag n
     * @return the sequence number
     */
    public long invalidateResponse(InvalidationOutcome outcome, int requester, int tags) {
        invalidateResponse.wrapAndApplyHeader(buffer, 0, header);
        invalidateResponse.outcome(outcome).requester(requester & 0xFFFF).tags(Integer.toUnsignedLong(tags));
        return finish(EventKind.INVALIDATE_RESPONSE, invalidateResponse.encodedLength());
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
        return finish(EventKind.INJECTED_EVENT, injectedEvent.encodedLength());
    }
}
