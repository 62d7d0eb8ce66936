package org.iorewind.trace;

import static org.iorewind.trace.FrameDescriptor.HEADER_LENGTH;

import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CommandConsumedEncoder;
import org.iorewind.trace.sbe.CompletionStoreEncoder;
import org.iorewind.trace.sbe.ExitReason;
import org.iorewind.trace.sbe.InterruptDeliveredEncoder;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.LogEntryEncoder;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.MmioReadValueEncoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.PageResponseEncoder;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.TranslationEncoder;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.sbe.VmExitEncoder;

/** The observations among the events that {@link EventWriter} writes: what the recorded system did. */
public abstract sealed class ObservationWriter extends InputWriter permits EventWriter {
    private final MmioReadValueEncoder mmioReadValue = new MmioReadValueEncoder();
    private final CommandConsumedEncoder commandConsumed = new CommandConsumedEncoder();
    private final TranslationEncoder translation = new TranslationEncoder();
    private final LogEntryEncoder logEntry = new LogEntryEncoder();
    private final CompletionStoreEncoder completionStore = new CompletionStoreEncoder();
    private final InterruptDeliveredEncoder interruptDelivered = new InterruptDeliveredEncoder();
    private final VmExitEncoder vmExit = new VmExitEncoder();
    private final PageResponseEncoder pageResponse = new PageResponseEncoder();

    ObservationWriter(EventAppender appender) {
        super(appender);
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
        mmioReadValue
                .space(space)
                .size((short) size)
                .report(report)
                .registerOffset(registerOffset)
                .value(value);
        return finish(EventKind.MMIO_READ_VALUE, mmioReadValue.encodedLength());
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
        return finish(EventKind.COMMAND_CONSUMED, commandConsumed.encodedLength());
    }

    /**
     * What became of the DMA request before it; the size of the page is not known.
     *
     * @param outcome how it ended
     * @param cache what the IOTLB said
     * @param rights {@link PageRight} bits found
     * @param requester 16-bit requester id
     * @param domain DomainID, or {@link EventWriter#NO_DOMAIN}
     * @param pasid PASID prefix, or {@link EventWriter#NO_PASID}
     * @param address as the device issued it
     * @param result start of the translated page
     * @return the sequence number
     */
    public long translation(
            TranslationOutcome outcome,
            CacheAnswer cache,
            int rights,
            int requester,
            int domain,
            int pasid,
            long address,
            long result) {
        return translation(outcome, cache, rights, requester, domain, pasid, address, result, 0);
    }

    /**
     * What became of the DMA request, or of the translation request, before it.
     *
     * @param outcome how it ended
     * @param cache what the IOTLB said
     * @param rights {@link PageRight} bits found
     * @param requester 16-bit requester id
     * @param domain DomainID, or {@link EventWriter#NO_DOMAIN}
     * @param pasid PASID prefix, or {@link EventWriter#NO_PASID}
     * @param address as the device issued it
     * @param result start of the translated page
     * @param pageShift log2 of the page size in bytes; 0 if unknown
     * @return the sequence number
     */
    public long translation(
            TranslationOutcome outcome,
            CacheAnswer cache,
            int rights,
            int requester,
            int domain,
            int pasid,
            long address,
            long result,
            int pageShift) {
        translation.wrapAndApplyHeader(buffer, 0, header);
        translation
                .outcome(outcome)
                .cache(cache)
                .requester(requester & 0xFFFF)
                .domain(Integer.toUnsignedLong(domain))
                .pasid(Integer.toUnsignedLong(pasid))
                .address(address)
                .result(result)
                .pageShift((short) pageShift);
        buffer.putByte(HEADER_LENGTH + TranslationEncoder.rightsEncodingOffset(), (byte) rights);
        return finish(EventKind.TRANSLATION, translation.encodedLength());
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
        logEntry.log(log)
                .ringOffset(Integer.toUnsignedLong(ringOffset))
                .qword0(qword0)
                .qword0Known(qword0Known)
                .qword1(qword1)
                .qword1Known(qword1Known);
        return finish(EventKind.LOG_ENTRY, logEntry.encodedLength());
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
        return finish(EventKind.COMPLETION_STORE, completionStore.encodedLength());
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
            InterruptOutcome outcome,
            int irteKnown,
            int data,
            long address,
            long irteAddress,
            long irteLow,
            long irteHigh) {
        interruptDelivered.wrapAndApplyHeader(buffer, 0, header);
        interruptDelivered
                .outcome(outcome)
                .irteKnown((short) irteKnown)
                .data(Integer.toUnsignedLong(data))
                .address(address)
                .irteAddress(irteAddress)
                .irteLow(irteLow)
                .irteHigh(irteHigh);
        return finish(EventKind.INTERRUPT_DELIVERED, interruptDelivered.encodedLength());
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
        return finish(EventKind.VM_EXIT, vmExit.encodedLength());
    }

    /**
     * A PCIe page request group response: what the IOMMU told a device.
     *
     * @param code response code
     * @param requester 16-bit requester id
     * @param group page request group index
     * @param pasid PASID prefix, or {@link EventWriter#NO_PASID}
     * @return the sequence number
     */
    public long pageResponse(int code, int requester, int group, int pasid) {
        pageResponse.wrapAndApplyHeader(buffer, 0, header);
        pageResponse
                .code((short) code)
                .requester(requester & 0xFFFF)
                .group(group & 0xFFFF)
                .pasid(Integer.toUnsignedLong(pasid));
        return finish(EventKind.PAGE_RESPONSE, pageResponse.encodedLength());
    }
}
