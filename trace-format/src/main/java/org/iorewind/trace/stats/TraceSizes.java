package org.iorewind.trace.stats;

import java.util.List;

/**
 * The bytes of a trace, per kind of event and per field.
 *
 * @param storeKind journal or archive
 * @param events in all
 * @param liveBytes length of all frames
 * @param storedBytes size of the archive; 0 for a journal
 * @param structureBytes of it, headers, directories and index: what belongs to no kind of event
 * @param orderBytes of it, which event is of which kind
 * @param kinds by descending live bytes
 */
public record TraceSizes(
        String storeKind,
        long events,
        long liveBytes,
        long storedBytes,
        long structureBytes,
        long orderBytes,
        List<Kind> kinds) {
    /** Copies the list. */
    public TraceSizes {
        kinds = List.copyOf(kinds);
    }

    /** The kind with this name, or a kind without events. */
    public Kind kind(String name) {
        return kinds.stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElse(new Kind(name, 0, 0, 0, List.of()));
    }

    /**
     * One kind of event.
     *
     * @param name as in the schema; {@code #130} if the schema does not know it
     * @param events of the kind
     * @param liveBytes length of their frames
     * @param storedBytes of their columns
     * @param columns in the order of the frame
     */
    public record Kind(String name, long events, long liveBytes, long storedBytes, List<Column> columns) {
        /** Copies the list. */
        public Kind {
            columns = List.copyOf(columns);
        }
    }

    /**
     * One field of a kind of event.
     *
     * @param name as in the schema; {@code (frame)} for headers and padding; {@code (variable)} for the variable fields of
     *     an archive
     * @param liveBytes in the frames
     * @param storedBytes in the archive: 0 for a field that never changes
     */
    public record Column(String name, long liveBytes, long storedBytes) {}
}
