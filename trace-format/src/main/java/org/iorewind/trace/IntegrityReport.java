package org.iorewind.trace;

import java.nio.file.Path;
import java.util.List;

/**
 * What a check of every structure and every checksum of a trace found.
 *
 * @param file the file or directory that was checked
 * @param storeKind {@code "journal"} or {@code "archive"}
 * @param events that can be trusted
 * @param blocks (of a journal) or chunks (of an archive) that can be trusted
 * @param damages in the order of their places; empty if all is well
 * @param endedInOrder whether the last event is a {@code SessionEnd}
 * @param tornTail whether the writer has not closed the trace: it lives, or was stopped
 * @param mayHaveLostItsEnd whether acknowledged events may have been lost behind the last one without a trace: it was not
 *     closed, and the system it was written on has stopped since, or cannot be told
 */
public record IntegrityReport(
        Path file,
        String storeKind,
        long events,
        long blocks,
        List<Damage> damages,
        boolean endedInOrder,
        boolean tornTail,
        boolean mayHaveLostItsEnd) {
    /** Copies the list, so that the report cannot change. */
    public IntegrityReport {
        damages = List.copyOf(damages);
    }

    /** Whether nothing is damaged. An unfinished trace can be intact. */
    public boolean isIntact() {
        return damages.isEmpty();
    }

    /**
     * One place that cannot be trusted.
     *
     * @param place in the file: block or chunk, offset
     * @param expected what should have been there
     * @param found what was there
     * @param firstSequenceMissing sequence number of the first event lost by it, or -1 if unknown
     * @param lastSequenceMissing sequence number of the last event lost by it, or -1 if unknown
     */
    public record Damage(
            String place, String expected, String found, long firstSequenceMissing, long lastSequenceMissing) {}
}
