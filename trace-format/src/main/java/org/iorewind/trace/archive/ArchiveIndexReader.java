package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.TruncatedTraceException;
import org.iorewind.trace.UnsupportedTraceException;

/** Reads header, trailer and index of an archive, and nothing else. */
final class ArchiveIndexReader {
    private static final String NEXT_STEP = "get the archive again, or save what can be read with 'iorewind repair'";

    private ArchiveIndexReader() {}

    /**
     * Reads the index.
     *
     * @throws TruncatedTraceException if the file is empty or cut
     * @throws CorruptTraceException if header, trailer or index is damaged
     * @throws UnsupportedTraceException if it is something else, or of another major version
     * @throws TraceStoreException if it cannot be read
     */
    static ArchiveIndex read(ArchiveChannel channel) {
        try {
            return readIndex(channel);
        } catch (IOException e) {
            throw channel.unreadable(e);
        }
    }

    private static ArchiveIndex readIndex(ArchiveChannel channel) throws IOException {
        String file = channel.path().toString();
        long size = channel.size();
        int least = ArchiveDescriptor.HEADER_LENGTH
                + ArchiveDescriptor.INDEX_FIXED_LENGTH
                + ArchiveDescriptor.TRAILER_LENGTH;
        ByteBuffer header = ByteBuffer.allocate((int) Math.min(size, ArchiveDescriptor.HEADER_LENGTH));
        channel.read(header.order(LITTLE_ENDIAN), 0);
        header.flip();
        if (header.remaining() >= Long.BYTES && !ArchiveReader.isArchive(header)) {
            String found = "0x" + Long.toHexString(header.getLong(0));
            throw new UnsupportedTraceException(file, "offset 0", "the start of an archive", found, "check the path");
        }
        if (size < least) {
            throw new TruncatedTraceException(file, "", "at least " + least + " bytes", size + " bytes", NEXT_STEP);
        }
        checkHeader(header, file);
        ByteBuffer trailer =
                ByteBuffer.allocate(ArchiveDescriptor.TRAILER_LENGTH).order(LITTLE_ENDIAN);
        long trailerOffset = size - ArchiveDescriptor.TRAILER_LENGTH;
        channel.read(trailer, trailerOffset);
        String place = "trailer at offset " + trailerOffset;
        if (trailer.getLong(ArchiveDescriptor.TRAILER_MAGIC_OFFSET) != ArchiveDescriptor.TRAILER_MAGIC) {
            String found = "other bytes: the file was cut, or its end is damaged";
            throw new TruncatedTraceException(file, place, "the end of an archive", found, NEXT_STEP);
        }
        if (trailer.getInt(ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET) != ArchiveFile.trailerChecksum(trailer)) {
            throw new CorruptTraceException(file, place, "a matching checksum", "another one", NEXT_STEP);
        }
        long offset = trailer.getLong(ArchiveDescriptor.INDEX_OFFSET_OFFSET);
        long length = trailer.getLong(ArchiveDescriptor.INDEX_LENGTH_OFFSET);
        boolean inside = offset >= ArchiveDescriptor.HEADER_LENGTH && length >= 0 && offset <= trailerOffset;
        if (!inside || length != trailerOffset - offset || length > Integer.MAX_VALUE - Long.BYTES) {
            String found = "an index of " + length + " bytes at offset " + offset;
            throw new CorruptTraceException(file, place, "an index that ends at the trailer", found, NEXT_STEP);
        }
        ByteBuffer encoded = ByteBuffer.allocate((int) length).order(LITTLE_ENDIAN);
        channel.read(encoded, offset);
        CRC32C crc = new CRC32C();
        crc.update(encoded.array(), 0, (int) length);
        if ((int) crc.getValue() != trailer.getInt(ArchiveDescriptor.INDEX_CHECKSUM_OFFSET)) {
            String indexPlace = "index at offset " + offset;
            throw new CorruptTraceException(file, indexPlace, "a matching checksum", "another one", NEXT_STEP);
        }
        ArchiveIndex index = ArchiveIndex.decode(encoded.flip(), offset, file);
        long high = header.getLong(ArchiveDescriptor.HEADER_SESSION_HIGH_OFFSET);
        long low = header.getLong(ArchiveDescriptor.HEADER_SESSION_LOW_OFFSET);
        if (high != index.sessionHigh() || low != index.sessionLow()) {
            String expected = "session " + SessionInfo.sessionId(high, low) + " as in the header";
            throw new CorruptTraceException(
                    file,
                    "index",
                    expected,
                    "session " + SessionInfo.sessionId(index.sessionHigh(), index.sessionLow()),
                    NEXT_STEP);
        }
        return index;
    }

    static void checkHeader(ByteBuffer header, String file) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, ArchiveDescriptor.HEADER_CHECKSUM_OFFSET));
        if ((int) crc.getValue() != header.getInt(ArchiveDescriptor.HEADER_CHECKSUM_OFFSET)) {
            throw new CorruptTraceException(file, "header", "a matching checksum", "another one", NEXT_STEP);
        }
        int major = header.get(ArchiveDescriptor.MAJOR_OFFSET) & 0xFF;
        if (major != ArchiveDescriptor.MAJOR) {
            String expected = "archive format " + ArchiveDescriptor.MAJOR;
            String nextStep = "read it with a version of iorewind that knows this format";
            throw new UnsupportedTraceException(file, "header", expected, "archive format " + major, nextStep);
        }
    }
}
