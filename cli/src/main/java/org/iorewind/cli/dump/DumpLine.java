package org.iorewind.cli.dump;

import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;

/**
 * Writes one event as one line. Texts from the trace are cleaned and clipped, so that a line never acts on a terminal and
 * never floods it. Not thread-safe: the decoders inside are reused.
 */
public final class DumpLine {
    /** Longest sentence in characters. */
    private static final int SENTENCE_LIMIT = 400;

    private static final int SEQUENCE_WIDTH = 10;
    private static final int TIME_WIDTH = 14;
    private static final int KIND_WIDTH = 18;

    private final InputSentences inputs = new InputSentences();
    private final ObservationSentences observations = new ObservationSentences();
    private final MarkerSentences markers = new MarkerSentences();
    private final StringBuilder line = new StringBuilder(SENTENCE_LIMIT);

    /** The event as one line, without a line end. */
    public String of(EventView event) {
        line.setLength(0);
        padLeft(Long.toString(event.sequence()), SEQUENCE_WIDTH);
        line.append(' ');
        padLeft(Notation.time(event.timeNs()), TIME_WIDTH);
        line.append("  ").append(kind(event));
        int sentenceAt = SEQUENCE_WIDTH + 1 + TIME_WIDTH + 2 + KIND_WIDTH;
        while (line.length() < sentenceAt) {
            line.append(' ');
        }
        return line.append(' ')
                .append(PlainText.clip(sentence(event), SENTENCE_LIMIT))
                .append(remarks(event))
                .toString();
    }

    /** Name of the event's kind; {@code #130} for one that this version does not know. */
    public static String kind(EventView event) {
        EventKind kind = event.kind();
        return kind == null ? "#" + event.templateId() : kind.label();
    }

    /** What the event says, uncleaned: it may hold any character of the trace's texts. */
    public String sentence(EventView event) {
        EventKind kind = event.kind();
        if (kind == null) {
            return "unknown to this version, " + event.frameLength() + " bytes";
        }
        return switch (kind) {
            case SESSION_START -> markers.sessionStart(event);
            case MMIO_WRITE -> inputs.mmioWrite(event);
            case MMIO_READ -> inputs.mmioRead(event);
            case MEMORY_WRITE -> inputs.memoryWrite(event);
            case DMA_REQUEST -> inputs.dmaRequest(event);
            case INTERRUPT_REQUEST -> inputs.interruptRequest(event);
            case ATS_REQUEST -> inputs.atsRequest(event);
            case PAGE_REQUEST -> inputs.pageRequest(event);
            case INJECTED_EVENT -> inputs.injectedEvent(event);
            case INVALIDATE_RESPONSE -> inputs.invalidateResponse(event);
            case IOMMU_START -> markers.iommuStart(event);
            case MMIO_READ_VALUE -> observations.mmioReadValue(event);
            case COMMAND_CONSUMED -> observations.commandConsumed(event);
            case TRANSLATION -> observations.translation(event);
            case LOG_ENTRY -> observations.logEntry(event);
            case COMPLETION_STORE -> observations.completionStore(event);
            case INTERRUPT_DELIVERED -> observations.interruptDelivered(event);
            case VM_EXIT -> observations.vmExit(event);
            case PAGE_RESPONSE -> observations.pageResponse(event);
            case DRIVER_CALL -> markers.driverCall(event);
            case PHASE -> markers.phase(event);
            case CONSOLE_LINE -> markers.consoleLine(event);
            case MARK -> markers.mark(event);
            case GAP -> markers.gap(event);
            case STATE_HASH -> markers.stateHash(event);
            case CHECKPOINT -> markers.checkpoint(event);
            case SESSION_END -> markers.sessionEnd(event);
        };
    }

    private static String remarks(EventView event) {
        StringBuilder remarks = new StringBuilder();
        int flags = event.flags();
        if (event.guest() >= 0) {
            remarks.append(" guest=").append(event.guest());
        }
        if (event.iommu() > 0) {
            remarks.append(" iommu=").append(event.iommu());
        }
        remark(remarks, flags, EventFlag.INFERRED, " [inferred]");
        remark(remarks, flags, EventFlag.DIRECTION_UNKNOWN, " [read or write: not known]");
        remark(remarks, flags, EventFlag.REQUESTER_TRUNCATED, " [bus number not known]");
        remark(remarks, flags, EventFlag.LATE, " [late]");
        return remarks.toString();
    }

    private static void remark(StringBuilder remarks, int flags, int flag, String text) {
        if ((flags & flag) != 0) {
            remarks.append(text);
        }
    }

    private void padLeft(String text, int width) {
        line.append(" ".repeat(Math.max(0, width - text.length()))).append(text);
    }
}
