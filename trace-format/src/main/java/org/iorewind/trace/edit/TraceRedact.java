package org.iorewind.trace.edit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.SessionVariant;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/**
 * Copies a trace without what its owner may not want to show. What happened in which order, by which device, to the same
 * page or another one, stays; which page, which bytes and which words, goes.
 *
 * <p>Replaced: 64-bit addresses and register values (page number, {@link AddressScrambler#address}), payload (in words of 8
 * bytes, 0 stays), texts that people or drivers wrote, the session id. Kept: event types, times, devices, guests, sizes,
 * enumerations, register and ring offsets, PASIDs, interrupt data, and the texts that name profile, tool, contract, phases
 * and driver calls. An event that this program does not know in full is left out, and a {@code Gap} stands for it.
 *
 * <p>The tables in memory mean nothing afterwards, so the fidelity becomes {@code LOG}. Not thread-safe.
 */
public final class TraceRedact {
    private static final int PROGRESS_EVENTS = 1 << 14;
    private static final Set<String> KEPT_TEXTS = Set.of("profile", "tool", "contract", "call", "name");

    /** 64-bit values that are printed as addresses and are none. */
    private static final Set<String> KEPT_NUMBERS = Set.of("hash");

    private static final String NOTE =
            "Redacted: addresses, payload and texts were replaced by keyed stand-ins; tables cannot be walked.";

    private final EventTable table = EventTable.standard();
    private final AddressScrambler scrambler;
    private final EventAppender out;
    private final EventWriter writer;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[FrameDescriptor.MAX_FRAME_LENGTH + Long.BYTES]);

    private TraceRedact(byte[] salt, EventAppender out) {
        this.scrambler = new AddressScrambler(salt);
        this.out = out;
        this.writer = new EventWriter(out);
    }

    /**
     * Copies.
     *
     * @param trace stays as it is
     * @param salt key of the stand-ins: the same salt gives the same ones, so keep it secret or throw it away
     * @param out takes the events; stays open
     * @param progress told now and then, in events
     * @return number of events that were left out
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static long redact(TraceReader trace, byte[] salt, EventAppender out, Progress progress) {
        TraceRedact redact = new TraceRedact(salt, out);
        long events = 0;
        long leftOut = 0;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                leftOut += redact.copy(cursor.event()) ? 0 : 1;
                if (++events % PROGRESS_EVENTS == 0) {
                    progress.at(events, -1);
                }
            }
        }
        progress.at(events, -1);
        return leftOut;
    }

    private boolean copy(EventView event) {
        @Nullable EventKind kind = event.kind();
        if (kind == EventKind.SESSION_START) {
            describe(SessionInfo.of(event));
            return true;
        }
        if (kind == null || event.version() > table.schemaVersion()) {
            String note = "an event of type " + event.templateId() + ", left out by redaction";
            writer.at(event.timeNs()).gap(GapReason.UNSPECIFIED, 1, 0, note);
            return false;
        }
        EventType type = table.type(kind);
        int fixed = FrameDescriptor.HEADER_LENGTH + type.minBlockLength(event.version());
        frame.putBytes(0, event.buffer(), event.offset(), fixed);
        int end = fixed;
        for (EventField field : type.fields()) {
            if (!table.has(event, field)) {
                continue;
            }
            if (field.form().isVariable()) {
                end = putVariable(event, field, end);
            } else if (field.form() == FieldForm.ADDRESS && field.sizeBytes() == Long.BYTES) {
                putAddress(type, event, field);
            }
        }
        int length = FrameDescriptor.align(end);
        frame.setMemory(end, length - end, (byte) 0);
        int block = fixed - FrameDescriptor.HEADER_LENGTH;
        frame.putShort(FrameDescriptor.BLOCK_LENGTH_OFFSET, (short) block, LITTLE_ENDIAN);
        short words = (short) (length / FrameDescriptor.ALIGNMENT);
        frame.putShort(FrameDescriptor.FRAME_WORDS_OFFSET, words, LITTLE_ENDIAN);
        out.append(frame, 0, length);
        return true;
    }

    private void describe(SessionInfo session) {
        // Addresses mean nothing any more.
        SessionInfo redacted = SessionVariant.of(session)
                .id(scrambler.word(session.idHigh()), scrambler.word(session.idLow()))
                .fidelity(Fidelity.LOG)
                .mmioBase(scrambler.address(session.mmioBase()))
                .platform(scrambler.text(session.platform().getBytes(UTF_8)))
                .contract(session.contract() + " " + NOTE)
                .info();
        writer.at(0).sessionStart(redacted);
    }

    /** Bits that were not recorded stay 0. */
    private void putAddress(EventType type, EventView event, EventField field) {
        if (KEPT_NUMBERS.contains(field.name())) {
            return;
        }
        long value = scrambler.address(table.rawValue(event, field));
        @Nullable EventField mask = type.field(field.name() + "Known");
        if (mask != null && table.has(event, mask)) {
            value &= table.rawValue(event, mask);
        }
        frame.putLong(FrameDescriptor.HEADER_LENGTH + field.offset(), value, LITTLE_ENDIAN);
    }

    private int putVariable(EventView event, EventField field, int at) {
        byte[] data = table.data(event, field);
        byte[] replaced;
        if (field.form() == FieldForm.BYTES) {
            replaced = payload(data);
        } else if (KEPT_TEXTS.contains(field.name())) {
            replaced = data;
        } else {
            replaced = scrambler.text(data).getBytes(UTF_8);
        }
        frame.putShort(at, (short) replaced.length, LITTLE_ENDIAN);
        frame.putBytes(at + FrameDescriptor.VARIABLE_LENGTH_BYTES, replaced);
        return at + FrameDescriptor.VARIABLE_LENGTH_BYTES + replaced.length;
    }

    private byte[] payload(byte[] data) {
        byte[] words = new byte[(data.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES];
        System.arraycopy(data, 0, words, 0, data.length);
        UnsafeBuffer buffer = new UnsafeBuffer(words);
        for (int at = 0; at < words.length; at += Long.BYTES) {
            buffer.putLong(at, scrambler.word(buffer.getLong(at, LITTLE_ENDIAN)), LITTLE_ENDIAN);
        }
        byte[] replaced = new byte[data.length];
        System.arraycopy(words, 0, replaced, 0, data.length);
        return replaced;
    }
}
