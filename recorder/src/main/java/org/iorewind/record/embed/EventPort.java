package org.iorewind.record.embed;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.TranslationOutcome;

/**
 * What one thread of a VMM tells a {@link Recording}: the common things by name, everything else by {@link #now}. Every method
 * throws {@link org.iorewind.trace.TraceStoreException} if the store has refused (the disk is full, the recording closed): the
 * VMM may go on without recording.
 *
 * <p>One thread. Allocates nothing per event.
 */
public final class EventPort {
    private static final int WORD_BYTES = 8;

    private final Recording recording;
    private final EventWriter writer;
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer word = new UnsafeBuffer(new byte[WORD_BYTES]);

    EventPort(Recording recording, EventAppender producer) {
        this.recording = recording;
        this.writer = new EventWriter(producer);
    }

    /** The writer for an event of any kind, with the time set to now. */
    public EventWriter now() {
        return writer.at(recording.nowNs());
    }

    /** Sets the IOMMU of the following events, 0 to 255. Initially 0. */
    public EventPort iommu(int number) {
        writer.iommu(number);
        return this;
    }

    /** Sets the guest of a hardware vIOMMU of the following events, or {@link EventWriter#NO_GUEST}. */
    public EventPort guest(int guest) {
        writer.guest(guest);
        return this;
    }

    /**
     * A CPU stores to memory that the IOMMU looks at. To be told before the store can be seen.
     *
     * @param region what the memory is used for; {@code UNSPECIFIED} is allowed
     * @param address guest physical
     * @param data its bytes from position to limit, which stay as they are
     */
    public void store(MemoryRegion region, long address, ByteBuffer data) {
        memory(MemoryOrigin.CPU_STORE, region, address, data);
    }

    /**
     * A CPU stores one little-endian number of 8 bytes.
     *
     * @param region what the memory is used for
     * @param address guest physical
     * @param value stored there
     */
    public void store(MemoryRegion region, long address, long value) {
        word.putLong(0, value, java.nio.ByteOrder.LITTLE_ENDIAN);
        now().memoryWrite(MemoryOrigin.CPU_STORE, region, address, word, 0, WORD_BYTES);
    }

    /**
     * What memory holds when it becomes of interest: the recording did not see how it came there.
     *
     * @param region what the memory is used for
     * @param address guest physical
     * @param data its bytes from position to limit, which stay as they are
     */
    public void snapshot(MemoryRegion region, long address, ByteBuffer data) {
        memory(MemoryOrigin.SNAPSHOT, region, address, data);
    }

    private void memory(MemoryOrigin origin, MemoryRegion region, long address, ByteBuffer data) {
        bytes.wrap(data);
        now().memoryWrite(origin, region, address, bytes, data.position(), data.remaining());
    }

    /**
     * A guest writes a register of the IOMMU. To be told before the write acts.
     *
     * @param offset in the register file
     * @param size 1, 2, 4 or 8 bytes
     * @param value in the low {@code size} bytes
     */
    public void registerWrite(long offset, int size, long value) {
        now().mmioWrite(MmioSpace.HOST, size, offset, value);
    }

    /**
     * A guest has read a register of the IOMMU.
     *
     * @param offset in the register file
     * @param size 1, 2, 4 or 8 bytes
     * @param value that it got
     */
    public void registerRead(long offset, int size, long value) {
        now().mmioRead(MmioSpace.HOST, size, offset);
        writer.mmioReadValue(MmioSpace.HOST, size, RegisterReport.READ, offset, value);
    }

    /**
     * A device wants to access memory. To be told before it is translated.
     *
     * @param access what it wants
     * @param requester bus &lt;&lt; 8 | device &lt;&lt; 3 | function
     * @param address as the device issued it
     * @param length bytes; 0 if unknown
     */
    public void dma(DmaAccess access, int requester, long address, int length) {
        now().dmaRequest(access, requester, address, length, EventWriter.NO_PASID);
    }

    /**
     * The request told last was translated: an observation that a replay compares with.
     *
     * @param requester of the request
     * @param address of the request
     * @param page start of the translated page
     */
    public void translated(int requester, long address, long page) {
        outcome(TranslationOutcome.TRANSLATED, requester, address, page);
    }

    /**
     * The request told last was refused: an observation that a replay compares with.
     *
     * @param requester of the request
     * @param address of the request
     */
    public void refused(int requester, long address) {
        outcome(TranslationOutcome.FAULT, requester, address, 0);
    }

    private void outcome(TranslationOutcome outcome, int requester, long address, long page) {
        now().translation(
                        outcome,
                        CacheAnswer.UNKNOWN,
                        0,
                        requester,
                        EventWriter.NO_DOMAIN,
                        EventWriter.NO_PASID,
                        address,
                        page);
    }

    /**
     * A device sends a message-signalled interrupt. To be told before it is remapped.
     *
     * @param requester of the device
     * @param address of the message
     * @param data of the message
     */
    public void interrupt(int requester, long address, int data) {
        now().interruptRequest(requester, address, data);
    }

    /**
     * A mark for people: where something begins that is worth finding again.
     *
     * @param number of the user's choice
     * @param text what it is for
     */
    public void mark(int number, String text) {
        now().mark(number, text);
    }
}
