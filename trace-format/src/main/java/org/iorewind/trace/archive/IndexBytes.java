package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.SessionInfo;

/** Reads parts of an index whose checksum has been verified; nothing in it is believed without a bound all the same. */
final class IndexBytes {
    private static final String NEXT_STEP = "get the archive again, or save what can be read with 'iorewind repair'";

    private final ByteBuffer in;
    private final String file;
    private final String place;

    IndexBytes(ByteBuffer in, String file, String place) {
        this.in = in.order(LITTLE_ENDIAN);
        this.file = file;
        this.place = place;
    }

    ByteBuffer bytes() {
        return in;
    }

    void requireBytes(long bytes, String what) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw corrupt(bytes + " bytes for the " + what, in.remaining() + " bytes");
        }
    }

    void requireMagic(int magic, String name, int length) {
        requireBytes(length, "start of " + place);
        if (in.getInt(in.position()) != magic) {
            throw corrupt("magic \"" + name + "\"", "0x" + Integer.toHexString(in.getInt(in.position())));
        }
    }

    void requireSession(long foundHigh, long foundLow, long high, long low) {
        if (foundHigh != high || foundLow != low) {
            String expected = "session " + SessionInfo.sessionId(high, low) + " as in the header";
            throw corrupt(expected, "session " + SessionInfo.sessionId(foundHigh, foundLow));
        }
    }

    void require(boolean condition, String expected, String found) {
        if (!condition) {
            throw corrupt(expected, found);
        }
    }

    /** Counts of a chunk: 8 bytes each. */
    KindCounts counts(int kinds, String what) {
        requireBytes((long) kinds * ChunkDescriptor.KIND_LENGTH, what);
        int[] templateIds = new int[kinds];
        long[] counts = new long[kinds];
        for (int i = 0; i < kinds; i++) {
            templateIds[i] = in.getInt() & 0xFFFF;
            counts[i] = Integer.toUnsignedLong(in.getInt());
        }
        return ascending(templateIds, counts, what);
    }

    /** Totals: 16 bytes each. */
    KindCounts totals(int kinds, String what) {
        requireBytes((long) kinds * ArchiveDescriptor.TOTAL_LENGTH, what);
        int[] templateIds = new int[kinds];
        long[] counts = new long[kinds];
        for (int i = 0; i < kinds; i++) {
            templateIds[i] = (int) (in.getLong() & 0xFFFF);
            counts[i] = in.getLong();
        }
        return ascending(templateIds, counts, what);
    }

    private KindCounts ascending(int[] templateIds, long[] counts, String what) {
        long total = 0;
        for (int i = 0; i < templateIds.length; i++) {
            boolean rises = i == 0 || templateIds[i] > templateIds[i - 1];
            require(rises, what + " by ascending event type", "type " + templateIds[i]);
            // No sum of counts may overflow: an archive has less than 2^62 events.
            total += counts[i];
            boolean bounded = counts[i] > 0 && counts[i] < 1L << 62 && total < 1L << 62;
            require(bounded, what + " of at least 1 event each", Long.toUnsignedString(counts[i]));
        }
        return new KindCounts(templateIds, counts);
    }

    static void putCounts(ByteBuffer out, KindCounts kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            out.putInt(kinds.templateId(i)).putInt((int) kinds.count(i));
        }
    }

    static void putTotals(ByteBuffer out, KindCounts kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            out.putLong(kinds.templateId(i)).putLong(kinds.count(i));
        }
    }

    CorruptTraceException corrupt(String expected, String found) {
        return new CorruptTraceException(file, place, expected, found, NEXT_STEP);
    }
}
