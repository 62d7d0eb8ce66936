package org.iorewind.trace;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The event view over a frame in a buffer, and the check that every frame passes before it is shown or stored: it lies
 * inside its bounds, its block covers the fields of its version, and its variable data lies inside the frame.
 *
 * <p>A flyweight: allocates nothing unless a frame is refused. Not thread-safe.
 */
public final class FrameEventView implements EventView {
    /** A power of two. */
    private static final int REMEMBERED = 128;

    /** No length is as small: such a frame is looked at whole. */
    private static final int NO_ROOM = -1;

    /** Any length fits. */
    private static final int ALL_ROOM = 0xFFFF;

    private static final int TEMPLATE_SHIFT = Byte.SIZE * FrameDescriptor.TEMPLATE_ID_OFFSET;
    private static final int SCHEMA_SHIFT = Byte.SIZE * FrameDescriptor.SCHEMA_ID_OFFSET;
    private static final int VERSION_SHIFT = Byte.SIZE * FrameDescriptor.VERSION_OFFSET;
    private static final int IOMMU_SHIFT = Byte.SIZE * (FrameDescriptor.IOMMU_OFFSET - FrameDescriptor.SOURCE_OFFSET);
    private static final int GUEST_SHIFT = Byte.SIZE * (FrameDescriptor.GUEST_OFFSET - FrameDescriptor.SOURCE_OFFSET);
    private static final int FLAGS_SHIFT = Byte.SIZE * (FrameDescriptor.FLAGS_OFFSET - FrameDescriptor.SOURCE_OFFSET);
    private static final int WORDS_SHIFT = Byte.SIZE * FrameDescriptor.FRAME_WORDS_OFFSET;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;
    /** First word of the frame. */
    private long header;
    /** The word that says where the event comes from; the shortest frame has it. */
    private long origin;

    /** First words of frames that were all right themselves, by template. */
    private final long[] known = new long[REMEMBERED];

    /**
     * Where such a frame has the length of its variable field. One without such a field is sound whatever follows; there it
     * is any place in the frame, so that no branch depends on the kind of event, which is hard to foresee.
     */
    private final int[] lengthOffsets = new int[REMEMBERED];

    /** The greatest length that fits there. */
    private final int[] rooms = new int[REMEMBERED];

    private int frameLength;
    private long sequence;

    /** A view of nothing yet. */
    public FrameEventView() {
        Arrays.fill(rooms, NO_ROOM);
    }

    /**
     * Checks the frame at {@code offset} and, if it is sound, shows it.
     *
     * @param source holds the frame
     * @param start offset of the frame's header
     * @param limit offset behind the last byte that may belong to it
     * @param sequenceNumber of the event
     * @return null if the frame is sound; else what is wrong with it, and the view must not be used
     */
    public @Nullable String tryWrap(DirectBuffer source, int start, int limit, long sequenceNumber) {
        look(source);
        return tryMove(start, limit, sequenceNumber);
    }

    /**
     * Goes to other memory; to {@linkplain #tryMove move} over many frames there costs less than to wrap each.
     *
     * @param source holds the frames; must stay as it is as long as they are looked at
     */
    public void look(DirectBuffer source) {
        if (!isSameMemory(source)) {
            buffer.wrap(source, 0, source.capacity());
        }
    }

    /** As {@link #tryWrap}, of a frame in the memory that is {@linkplain #look looked at}. */
    public @Nullable String tryMove(int start, int limit, long sequenceNumber) {
        int available = limit - start;
        if (available < FrameDescriptor.MIN_FRAME_LENGTH) {
            return "a frame cut after " + available + " bytes";
        }
        long first = buffer.getLong(start, LITTLE_ENDIAN);
        int length = (int) (first >>> WORDS_SHIFT) * FrameDescriptor.ALIGNMENT;
        int place = place(first);
        boolean isSound = first == known[place]
                && length <= available
                && (buffer.getShort(start + lengthOffsets[place], LITTLE_ENDIAN) & 0xFFFF) <= rooms[place];
        if (!isSound) {
            @Nullable String problem = problem(first, start, available);
            if (problem != null) {
                return problem;
            }
        }
        offset = start;
        header = first;
        origin = buffer.getLong(start + FrameDescriptor.SOURCE_OFFSET, LITTLE_ENDIAN);
        frameLength = length;
        sequence = sequenceNumber;
        return null;
    }

    /**
     * Whether a frame with this first word was found sound before, and is sound whatever follows: it has no variable field, or
     * room for the longest.
     *
     * @param word the first 8 bytes of a frame
     */
    public boolean isKnown(long word) {
        int place = place(word);
        return known[place] == word && rooms[place] == ALL_ROOM;
    }

    private static int place(long word) {
        return (int) (word >>> TEMPLATE_SHIFT) & (REMEMBERED - 1);
    }

    /** Whether the buffer shows that memory already: events of a block come one after the other, and wrapping costs more. */
    @SuppressWarnings("ReferenceEquality") // the same memory, not the same content
    private boolean isSameMemory(DirectBuffer source) {
        return buffer.addressOffset() == source.addressOffset()
                && buffer.capacity() == source.capacity()
                && buffer.byteArray() == source.byteArray()
                && buffer.byteBuffer() == source.byteBuffer();
    }

    /** Length in bytes that the header of a frame claims; the header must lie inside the buffer. */
    public static int frameLength(DirectBuffer source, int start) {
        return (source.getShort(start + FrameDescriptor.FRAME_WORDS_OFFSET, LITTLE_ENDIAN) & 0xFFFF)
                * FrameDescriptor.ALIGNMENT;
    }

    /**
     * Goes to a frame in the memory that is {@linkplain #look looked at}, and that is known to be sound.
     *
     * @param start offset of the frame's header
     * @param sequenceNumber of the event
     */
    public void move(int start, long sequenceNumber) {
        offset = start;
        header = buffer.getLong(start, LITTLE_ENDIAN);
        origin = buffer.getLong(start + FrameDescriptor.SOURCE_OFFSET, LITTLE_ENDIAN);
        frameLength = (int) (header >>> WORDS_SHIFT) * FrameDescriptor.ALIGNMENT;
        sequence = sequenceNumber;
    }

    /**
     * How many variable fields a frame has.
     *
     * @param word the first 8 bytes of the frame
     * @return -1 if no frame that begins so is sound, whatever its length
     */
    public static int variableFields(long word) {
        boolean isSound =
                schemaId(word) == EventTable.standard().schemaId() && ((int) word & 0xFFFF) >= leastBlock(word);
        return isSound ? fields(word) : -1;
    }

    private static int schemaId(long word) {
        return (int) (word >>> SCHEMA_SHIFT) & 0xFF;
    }

    private static int versionOf(long word) {
        return (int) (word >>> VERSION_SHIFT) & 0xFF;
    }

    /** The type that the first word of a frame names, or null if this version does not know it. */
    private static @Nullable EventType type(long word) {
        @Nullable EventKind kind = EventKind.of((int) (word >>> TEMPLATE_SHIFT) & 0xFFFF);
        return kind == null ? null : EventTable.standard().type(kind);
    }

    private static int leastBlock(long word) {
        @Nullable EventType type = type(word);
        return type == null ? FrameDescriptor.ORIGIN_LENGTH : type.minBlockLength(versionOf(word));
    }

    private static int fields(long word) {
        @Nullable EventType type = type(word);
        return type == null ? 0 : type.variableFields(versionOf(word));
    }

    private @Nullable String problem(long word, int start, int available) {
        int length = (int) (word >>> WORDS_SHIFT) * FrameDescriptor.ALIGNMENT;
        if (length < FrameDescriptor.MIN_FRAME_LENGTH || length > available) {
            return "a frame length of " + length + " where " + available + " bytes remain";
        }
        if (schemaId(word) != EventTable.standard().schemaId()) {
            return "schema id " + schemaId(word);
        }
        int block = (int) word & 0xFFFF;
        if (block < leastBlock(word) || block > length - FrameDescriptor.HEADER_LENGTH) {
            int templateId = (int) (word >>> TEMPLATE_SHIFT) & 0xFFFF;
            return "a block length of " + block + " for template " + templateId + " in a frame of " + length;
        }
        int fields = fields(word);
        remember(word, length - FrameDescriptor.HEADER_LENGTH - block, fields);
        return variableDataProblem(buffer, start, length, block, fields);
    }

    private void remember(long word, int variableBytes, int fields) {
        int place = place(word);
        known[place] = word;
        boolean isOneField = fields == 1 && variableBytes >= FrameDescriptor.VARIABLE_LENGTH_BYTES;
        lengthOffsets[place] = isOneField ? FrameDescriptor.HEADER_LENGTH + ((int) word & 0xFFFF) : 0;
        rooms[place] =
                isOneField ? variableBytes - FrameDescriptor.VARIABLE_LENGTH_BYTES : fields == 0 ? ALL_ROOM : NO_ROOM;
    }

    private static @Nullable String variableDataProblem(
            DirectBuffer source, int start, int length, int block, int fields) {
        int end = start + length;
        int at = start + FrameDescriptor.HEADER_LENGTH + block;
        for (int i = 0; i < fields; i++) {
            if (end - at < FrameDescriptor.VARIABLE_LENGTH_BYTES) {
                return "variable field " + i + " missing";
            }
            int dataLength = source.getShort(at, LITTLE_ENDIAN) & 0xFFFF;
            at += FrameDescriptor.VARIABLE_LENGTH_BYTES;
            if (dataLength > end - at) {
                return "variable field " + i + " of " + dataLength + " bytes where " + (end - at) + " remain";
            }
            at += dataLength;
        }
        return null;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public DirectBuffer buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int frameLength() {
        return frameLength;
    }

    @Override
    public int bodyOffset() {
        return offset + FrameDescriptor.HEADER_LENGTH;
    }

    @Override
    public int blockLength() {
        return (int) header & 0xFFFF;
    }

    @Override
    public int version() {
        return (int) (header >>> VERSION_SHIFT) & 0xFF;
    }

    @Override
    public int templateId() {
        return (int) (header >>> TEMPLATE_SHIFT) & 0xFFFF;
    }

    @Override
    public @Nullable EventKind kind() {
        return EventKind.of(templateId());
    }

    @Override
    public long timeNs() {
        return buffer.getLong(offset + FrameDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
    }

    @Override
    public int source() {
        return (int) origin & 0xFF;
    }

    @Override
    public int iommu() {
        return (int) (origin >>> IOMMU_SHIFT) & 0xFF;
    }

    @Override
    public int guest() {
        boolean present = (flags() & EventFlag.GUEST_PRESENT) != 0;
        return present ? (int) (origin >>> GUEST_SHIFT) & 0xFFFF : -1;
    }

    @Override
    public int flags() {
        return (int) (origin >>> FLAGS_SHIFT) & 0xFF;
    }
}
