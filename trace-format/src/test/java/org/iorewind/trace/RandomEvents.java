package org.iorewind.trace;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.ExitReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.StartState;
import org.iorewind.trace.sbe.TranslationOutcome;

/** Sessions of random events of every kind, and of kinds and versions that this program does not know. */
public final class RandomEvents {
    private static final EventKind[] KINDS = EventKind.values();
    private static final String ALPHABET = "map unmap\t\u0000\u0001\"\\/<&é\u20AC\uD83D\uDE00\uFFFD";

    private final Random random;
    private final EventAppender appender;
    private final EventWriter writer;
    private long timeNs;

    private RandomEvents(long seed, EventAppender appender) {
        this.random = new Random(seed);
        this.appender = appender;
        this.writer = new EventWriter(appender);
    }

    /** A session of {@code count} events that depends on the seed only. */
    public static EventList session(long seed, int count) {
        EventList list = new EventList();
        RandomEvents events = new RandomEvents(seed, list);
        events.writer.sessionStart(events.info());
        for (int i = 1; i < count; i++) {
            events.next();
        }
        return list;
    }

    /** A session that ends in order, of small events only. */
    public static EventList smallSession(long idLow, int count) {
        EventList list = new EventList();
        EventWriter writer = new EventWriter(list);
        writer.sessionStart(info(7, idLow));
        for (int i = 1; i < count - 1; i++) {
            writer.at(i * 100L).mmioWrite(MmioSpace.HOST, 8, 0x18, idLow + i);
        }
        writer.sessionEnd(EndReason.CLEAN, "done");
        return list;
    }

    /** A session description with short texts. */
    public static SessionInfo info(long idHigh, long idLow) {
        return new SessionInfo(
                idHigh,
                idLow,
                Fidelity.FULL,
                StartState.RESET,
                1,
                1_700_000_000_000_000_000L,
                0xFED8_0000L,
                0x29D3L,
                0,
                SessionInfo.observesBit(EventKind.TRANSLATION),
                0,
                "spec",
                "test",
                "none",
                "nothing is missing");
    }

    private SessionInfo info() {
        return new SessionInfo(
                random.nextLong(),
                random.nextLong(),
                Fidelity.OBSERVED,
                StartState.ATTACHED,
                random.nextInt(256),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextInt(8),
                text(20),
                text(20),
                text(200),
                text(500));
    }

    private void next() {
        timeNs += random.nextInt(1000) - 10;
        writer.at(timeNs).source(random.nextInt(256)).iommu(random.nextInt(256));
        writer.guest(random.nextBoolean() ? EventWriter.NO_GUEST : random.nextInt(65536));
        writer.flags(random.nextInt(256) & ~EventFlag.GUEST_PRESENT);
        int choice = random.nextInt(KINDS.length + 3);
        if (choice < KINDS.length) {
            write(KINDS[choice]);
        } else {
            appendForeign(choice - KINDS.length);
        }
    }

    private void write(EventKind kind) {
        switch (kind) {
            case SESSION_START, CONSOLE_LINE -> writer.consoleLine(text(300));
            case MMIO_WRITE -> writer.mmioWrite(any(MmioSpace.values()), 8, uint32(), random.nextLong());
            case MMIO_READ -> writer.mmioRead(any(MmioSpace.values()), 4, uint32());
            case MEMORY_WRITE -> {
                byte[] data = bytes(random.nextInt(50) == 0 ? 40_000 : 64);
                writer.memoryWrite(
                        any(MemoryOrigin.values()),
                        any(MemoryRegion.values()),
                        random.nextLong(),
                        data,
                        0,
                        data.length);
            }
            case DMA_REQUEST -> writer.dmaRequest(any(DmaAccess.values()), bdf(), random.nextLong(), 64, pasid());
            case INTERRUPT_REQUEST -> writer.interruptRequest(bdf(), random.nextLong(), random.nextInt());
            case ATS_REQUEST -> writer.atsRequest(random.nextBoolean(), bdf(), random.nextLong(), -1, pasid());
            case PAGE_REQUEST -> writer.pageRequest(random.nextInt(256), bdf(), random.nextLong(), pasid(), 3, true);
            case PAGE_RESPONSE -> writer.pageResponse(random.nextInt(256), bdf(), 3, pasid());
            case INJECTED_EVENT ->
                writer.injected(
                        any(InjectedAction.values()), random.nextLong(), random.nextLong(), random.nextLong(), text(9));
            case IOMMU_START ->
                writer.iommuStart(new IommuInfo(
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(1 << 16),
                        random.nextLong(),
                        random.nextLong(),
                        text(10)));
            case INVALIDATE_RESPONSE ->
                writer.invalidateResponse(any(InvalidationOutcome.values()), bdf(), random.nextInt());
            case MMIO_READ_VALUE ->
                writer.mmioReadValue(
                        any(MmioSpace.values()), 8, any(RegisterReport.values()), uint32(), random.nextLong());
            case COMMAND_CONSUMED ->
                writer.commandConsumed(
                        uint32(), uint32(), random.nextLong(), random.nextLong(), -1, random.nextLong(), 0);
            case TRANSLATION ->
                writer.translation(
                        any(TranslationOutcome.values()),
                        any(CacheAnswer.values()),
                        random.nextInt(256),
                        bdf(),
                        random.nextBoolean() ? EventWriter.NO_DOMAIN : 5,
                        pasid(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(64));
            case LOG_ENTRY -> writer.logEntry(any(LogKind.values()), -1, random.nextLong(), -1, random.nextLong(), -1);
            case COMPLETION_STORE -> writer.completionStore(random.nextLong(), random.nextLong());
            case INTERRUPT_DELIVERED ->
                writer.interruptDelivered(
                        any(InterruptOutcome.values()), 16, random.nextInt(), random.nextLong(), 1, 2, 3);
            case VM_EXIT -> writer.vmExit(any(ExitReason.values()), random.nextLong(), random.nextLong());
            case DRIVER_CALL ->
                writer.driverCall(
                        any(CallPhase.values()), bdf(), random.nextInt(), 1, 2, random.nextLong(), text(9), text(99));
            case PHASE -> writer.phase(any(CallPhase.values()), text(30));
            case MARK -> writer.mark(random.nextInt(), text(30));
            case GAP -> writer.gap(any(GapReason.values()), random.nextLong(), random.nextLong(), text(30));
            case STATE_HASH -> writer.stateHash(random.nextLong(), text(10));
            case CHECKPOINT -> {
                byte[] state = bytes(random.nextInt(50) == 0 ? EventWriter.MAX_CHECKPOINT_BYTES : 100);
                writer.checkpoint(1, random.nextLong(), text(10), state, 0, state.length);
            }
            case SESSION_END -> writer.sessionEnd(any(EndReason.values()), text(10));
        }
    }

    /** What a newer minor version or another writer may have written: legal, and to be kept as it is. */
    private void appendForeign(int which) {
        byte[] frame = bytes(48);
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        buffer.putByte(FrameDescriptor.SCHEMA_ID_OFFSET, (byte) 17);
        buffer.putShort(FrameDescriptor.FRAME_WORDS_OFFSET, (short) 6, LITTLE_ENDIAN);
        switch (which) {
            case 0 -> {
                // An event type of a newer version.
                buffer.putShort(FrameDescriptor.BLOCK_LENGTH_OFFSET, (short) 30, LITTLE_ENDIAN);
                buffer.putShort(FrameDescriptor.TEMPLATE_ID_OFFSET, (short) 130, LITTLE_ENDIAN);
                buffer.putByte(FrameDescriptor.VERSION_OFFSET, (byte) 3);
            }
            case 1 -> {
                // MmioRead with a field that a newer version added, and padding that is not zero.
                buffer.putShort(FrameDescriptor.BLOCK_LENGTH_OFFSET, (short) 35, LITTLE_ENDIAN);
                buffer.putShort(FrameDescriptor.TEMPLATE_ID_OFFSET, (short) 3, LITTLE_ENDIAN);
                buffer.putByte(FrameDescriptor.VERSION_OFFSET, (byte) 2);
            }
            default -> {
                // ConsoleLine with random bytes, seldom UTF-8.
                buffer.putShort(FrameDescriptor.BLOCK_LENGTH_OFFSET, (short) 13, LITTLE_ENDIAN);
                buffer.putShort(FrameDescriptor.TEMPLATE_ID_OFFSET, (short) 66, LITTLE_ENDIAN);
                buffer.putByte(FrameDescriptor.VERSION_OFFSET, (byte) 0);
                buffer.putShort(21, (short) 20, LITTLE_ENDIAN);
            }
        }
        appender.append(buffer, 0, frame.length);
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private long uint32() {
        return random.nextInt() & 0xFFFF_FFFFL;
    }

    private int bdf() {
        return random.nextInt(65536);
    }

    private int pasid() {
        return random.nextBoolean() ? EventWriter.NO_PASID : random.nextInt(1 << 22);
    }

    private byte[] bytes(int most) {
        byte[] bytes = new byte[most == 48 ? most : random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text(int most) {
        int[] codePoints = ALPHABET.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
        }
        return text.toString();
    }
}
