package org.iorewind.trace.edit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveReader;
import org.iorewind.trace.archive.ArchiveSalvage;
import org.iorewind.trace.archive.ChunkEntry;
import org.iorewind.trace.sbe.GapReason;
import org.jspecify.annotations.Nullable;

/**
 * Saves what is whole of a damaged trace. One {@code Gap} event stands for the events of each hole, so that the numbers of
 * those behind it change; nothing that cannot be trusted gets across. The damaged trace is not touched. Not thread-safe.
 */
public final class TraceRepair {
    private static final long UNKNOWN = -1;

    private final EventAppender out;
    private final EventWriter writer;
    private final Progress progress;
    private long expected;
    private long copied;
    private long gaps;
    private long lost;
    private boolean lostUnknown;
    private boolean ended;
    private long lastTimeNs;
    private boolean holeOpen;
    private long holeCount;

    private TraceRepair(EventAppender out, Progress progress) {
        this.out = out;
        this.writer = new EventWriter(out);
        this.progress = progress;
    }

    /**
     * What was saved.
     *
     * @param events that were copied
     * @param gaps holes that were found; each has a {@code Gap} event now
     * @param lost events that are lost, as far as their number is known
     * @param lostUnknown whether more may be lost, behind the last one that was found
     */
    public record Result(long events, long gaps, long lost, boolean lostUnknown) {}

    /**
     * Copies all that is whole.
     *
     * @param damaged a journal or an archive; of an archive the header and the first chunk must be whole
     * @param out takes the events; stays open
     * @param progress told now and then, in events
     * @throws TraceFormatException if nothing can be saved: what was recorded is not known, or it is no trace
     */
    public static Result repair(Path damaged, EventAppender out, Progress progress) {
        TraceRepair repair = new TraceRepair(out, progress);
        if (Files.isDirectory(damaged)) {
            repair.copyReadable(damaged);
        } else {
            repair.copyFound(damaged);
        }
        return new Result(repair.copied, repair.gaps, repair.lost, repair.lostUnknown);
    }

    /** A trace that can be opened knows where its damage is: what can be read is read, what cannot is stepped over. */
    private void copyReadable(Path damaged) {
        try (TraceReader trace = Traces.open(damaged);
                EventCursor cursor = trace.cursor()) {
            List<Damage> damages = trace.check().damages();
            @Nullable TraceFormatException refused = copyUpToDamage(cursor);
            while (refused != null) {
                long behind = behindDamage(damages);
                if (behind == UNKNOWN) {
                    if (!isCounted(damages, refused)) {
                        lostUnknown = true;
                        hole(0);
                    }
                    break;
                }
                hole(behind - expected);
                expected = behind;
                refused = copyUpToDamage(cursor);
            }
        }
        if (copied == 0) {
            throw nothingKnown(damaged.toString());
        }
        finish();
    }

    /** Copies from the next event on; returns why it cannot go on, or null at the end. */
    private @Nullable TraceFormatException copyUpToDamage(EventCursor cursor) {
        cursor.seek(expected);
        while (true) {
            try {
                if (!cursor.next()) {
                    return null;
                }
            } catch (TraceFormatException e) {
                return e;
            }
            copy(cursor.event());
        }
    }

    /** Sequence number behind the damage that the next event is lost by; unknown if there is none, or nobody knows. */
    private long behindDamage(List<Damage> damages) {
        long behind = UNKNOWN;
        for (Damage damage : damages) {
            if (damage.firstSequenceMissing() != UNKNOWN
                    && damage.firstSequenceMissing() <= expected
                    && damage.lastSequenceMissing() >= expected) {
                behind = Math.max(behind, damage.lastSequenceMissing() + 1);
            }
        }
        return behind;
    }

    /** Whether what is lost at the end was counted already: then the end cannot be read either, and for the same reason. */
    private boolean isCounted(List<Damage> damages, TraceFormatException refused) {
        return damages.stream()
                .anyMatch(damage -> damage.expected().equals(refused.expected())
                        && damage.found().equals(refused.found())
                        && damage.lastSequenceMissing() == expected - 1);
    }

    /** An archive is searched for whole chunks, whatever its index says. */
    private void copyFound(Path damaged) {
        long total = totalOf(damaged);
        FrameEventView view = new FrameEventView();
        try (ArchiveSalvage salvage = ArchiveSalvage.open(damaged)) {
            for (ChunkEntry chunk : salvage.find()) {
                if (!isSound(salvage, chunk)) {
                    continue;
                }
                if (chunk.firstSequence() > expected) {
                    hole(chunk.firstSequence() - expected);
                    expected = chunk.firstSequence();
                }
                copyChunk(salvage, view, damaged);
            }
        }
        if (total > expected) {
            hole(total - expected);
        } else if (total == UNKNOWN && !ended) {
            lostUnknown = true;
            hole(0);
        }
        if (copied == 0) {
            throw nothingKnown(damaged.toString());
        }
        finish();
    }

    /** Whether a chunk is what its head says; its frames are loaded then. */
    private static boolean isSound(ArchiveSalvage salvage, ChunkEntry chunk) {
        try {
            salvage.load(chunk);
            return true;
        } catch (CorruptTraceException e) {
            return false;
        }
    }

    /** Number of events that there must have been, or unknown. */
    private static long totalOf(Path damaged) {
        try (ArchiveReader archive = ArchiveReader.open(damaged)) {
            return archive.eventCount();
        } catch (TraceFormatException e) {
            return UNKNOWN;
        }
    }

    private void copyChunk(ArchiveSalvage salvage, FrameEventView view, Path damaged) {
        DirectBuffer frames = salvage.frames();
        int end = salvage.payloadLength();
        for (int at = 0; at < end; at += view.frameLength()) {
            @Nullable String problem = view.tryWrap(frames, at, end, expected);
            if (problem != null) {
                throw new CorruptTraceException(
                        damaged.toString(),
                        "event " + expected,
                        "a sound event frame",
                        problem,
                        "find out who wrote it");
            }
            copy(view);
        }
    }

    private void copy(EventView event) {
        if (copied == 0 && event.kind() != EventKind.SESSION_START) {
            throw nothingKnown("event " + expected);
        }
        closeHole(event.timeNs());
        out.append(event.buffer(), event.offset(), event.frameLength());
        ended = event.kind() == EventKind.SESSION_END;
        lastTimeNs = event.timeNs();
        expected++;
        copied++;
        if (copied % (1 << 14) == 0) {
            progress.at(copied, -1);
        }
    }

    private void hole(long count) {
        if (!holeOpen) {
            gaps++;
        }
        holeOpen = true;
        holeCount += count;
        lost += count;
    }

    private void closeHole(long timeNs) {
        if (holeOpen && copied > 0) {
            long span = Math.max(0, timeNs - lastTimeNs);
            writer.at(lastTimeNs).gap(GapReason.DAMAGED, holeCount, span, "lost by damage, found by repair");
        }
        holeOpen = false;
        holeCount = 0;
    }

    private void finish() {
        closeHole(lastTimeNs);
        progress.at(copied, -1);
    }

    private static CorruptTraceException nothingKnown(String place) {
        return new CorruptTraceException(
                place,
                "",
                "the event SessionStart, which says what was recorded",
                "none that is whole",
                "the events behind it mean nothing without it; get the trace again");
    }
}
