package org.iorewind.replay.whatif;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.replay.predicate.Requesters;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;

/**
 * An input that never was, before an event of a trace. Written as words:
 *
 * <pre>
 *   1200 store 0x302028 0x0                  a processor stores a quadword
 *   1200 mmio 0x2008 0x40                    a processor writes a 64-bit register
 *   1200 dma 00:06.0 0x5000 read             a device asks for memory; read, write or atomic
 *   1200 force-register 0x18 0x0             a register changes without a side effect
 *   1200 memory-abort 0x302000 4096          accesses of the IOMMU fail from now on; also memory-poison, memory-heal
 *   1200 reset                               the IOMMU is reset
 * </pre>
 */
public final class Injection {
    private static final Map<String, Integer> WORDS = Map.of(
            "store",
            2,
            "mmio",
            2,
            "dma",
            3,
            "force-register",
            2,
            "memory-abort",
            2,
            "memory-poison",
            2,
            "memory-heal",
            2,
            "reset",
            0);
    private static final int DMA_BYTES = 64;

    private final long before;
    private final String text;
    private final UnsafeBuffer frame;

    private Injection(long before, String text, UnsafeBuffer frame) {
        this.before = before;
        this.text = text;
        this.frame = frame;
    }

    /**
     * Reads the words.
     *
     * @throws IllegalArgumentException if they are something else; the message says what was expected
     */
    public static Injection parse(String text) {
        List<String> words = List.of(text.strip().split("\\s+"));
        Integer operands = words.size() < 2 ? null : WORDS.get(words.get(1));
        if (operands == null || words.size() != operands + 2) {
            throw new IllegalArgumentException(
                    "expected SEQUENCE and store ADDRESS VALUE, mmio OFFSET VALUE, dma DEVICE ADDRESS ACCESS,"
                            + " force-register OFFSET VALUE, memory-abort, memory-poison or memory-heal ADDRESS LENGTH, or"
                            + " reset; found: " + text);
        }
        long before = number(words.get(0));
        Captured captured = new Captured();
        write(new EventWriter(captured), words);
        return new Injection(before, text.strip(), captured.frame);
    }

    private static void write(EventWriter writer, List<String> words) {
        switch (words.get(1)) {
            case "store" -> {
                byte[] value = ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(number(words.get(3)))
                        .array();
                writer.memoryWrite(
                        MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, number(words.get(2)), value, 0, value.length);
            }
            case "mmio" -> writer.mmioWrite(MmioSpace.HOST, Long.BYTES, number(words.get(2)), number(words.get(3)));
            case "dma" ->
                writer.dmaRequest(
                        access(words.get(4)),
                        Requesters.parse(words.get(2)),
                        number(words.get(3)),
                        DMA_BYTES,
                        EventWriter.NO_PASID);
            case "reset" -> writer.injected(InjectedAction.RESET, 0, 0, 0, "");
            case "force-register" ->
                writer.injected(InjectedAction.FORCE_REGISTER, number(words.get(2)), number(words.get(3)), 0, "");
            default -> {
                InjectedAction action =
                        InjectedAction.valueOf(words.get(1).replace('-', '_').toUpperCase(Locale.ROOT));
                writer.injected(action, number(words.get(2)), 0, number(words.get(3)), "");
            }
        }
    }

    private static DmaAccess access(String word) {
        return switch (word) {
            case "read" -> DmaAccess.READ;
            case "write" -> DmaAccess.WRITE;
            case "atomic" -> DmaAccess.ATOMIC;
            default -> throw new IllegalArgumentException("expected read, write or atomic, found: " + word);
        };
    }

    private static long number(String word) {
        try {
            return word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number, found: " + word, e);
        }
    }

    /** Sequence number of the event before which it comes. */
    public long before() {
        return before;
    }

    /** The event; with the number of the one that follows. */
    EventView event() {
        FrameEventView view = new FrameEventView();
        if (view.tryWrap(frame, 0, frame.capacity(), before) != null) {
            throw new IllegalStateException("our own frame is not sound: " + text);
        }
        return view;
    }

    @Override
    public String toString() {
        return text;
    }

    /** Keeps the one frame that is written. */
    private static final class Captured implements EventAppender {
        private UnsafeBuffer frame = new UnsafeBuffer(0, 0);

        @Override
        public long append(DirectBuffer buffer, int frameOffset, int lengthBytes) {
            byte[] bytes = new byte[lengthBytes];
            buffer.getBytes(frameOffset, bytes);
            frame = new UnsafeBuffer(bytes);
            return 0;
        }

        @Override
        public void close() {}
    }
}
