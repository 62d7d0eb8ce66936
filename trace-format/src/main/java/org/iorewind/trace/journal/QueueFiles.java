package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.PlainReason;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the queue's files before Chronicle does. Chronicle's files begin with a description of themselves that names
 * Java classes, and Chronicle loads whatever class is named there. This format's descriptions are always the same, so
 * they are compared byte for byte, and no other name ever reaches Chronicle. {@link QueueIndex} looks at the positions.
 *
 * <pre>
 *   19700101F.cq4     0       4                              0xc5
 *                     +-------+------------------------------+-----------------
 *                     | size  | header: !SCQStore ...        | index, blocks ...
 *                     +-------+------------------------------+-----------------
 *                       fixed   fixed, but for three places
 *                               that count                     read as numbers and bytes only
 * </pre>
 */
final class QueueFiles {
    /** The one file: see {@link JournalDescriptor#QUEUE_TIME_MS}. */
    static final String DATA_NAME = "19700101F.cq4";

    static final String TABLE_NAME = "metadata.cq4t";
    private static final String DATA_SUFFIX = ".cq4";
    private static final String NEXT_STEP = "copy the whole journal directory again";

    /** A header that is being written: Chronicle sets this bit, then clears it. */
    private static final int NOT_COMPLETE = 0x8000_0000;

    /** The description in the file of blocks; {@code ?} stands for bytes that count: positions, indexes. */
    private static final Head DATA = new Head(List.of(
            "c1000040 b906",
            "'header",
            "b608",
            "'SCQStore",
            "82aa000000",
            "cd",
            "'writePosition",
            "8e0100000000 8d 0200000000000000",
            "?24",
            "c8",
            "'indexing",
            "b60c",
            "'SCQSIndexing",
            "824c000000",
            "ca",
            "'indexCount",
            "a50010",
            "cc",
            "'indexSpacing",
            "a50001",
            "cb",
            "'index2Index",
            "8fa7",
            "?8",
            "c9",
            "'lastIndex",
            "8e00000000a7",
            "?8",
            "ca",
            "'dataFormat",
            "a101"));

    /** The description in the table file. */
    private static final Head TABLE = new Head(List.of(
            "94000040 b906",
            "'header",
            "b607",
            "'STStore",
            "827e000000",
            "c8",
            "'wireType",
            "b608",
            "'WireType",
            "ec",
            "'BINARY_LIGHT",
            "c8",
            "'metadata",
            "b607",
            "'SCQMeta",
            "8246000000",
            "c4",
            "'roll",
            "b608",
            "'SCQSRoll",
            "8227000000",
            "c6",
            "'length",
            "a6005c2605",
            "c6",
            "'format",
            "eb",
            "'yyyyMMdd'F'",
            "c5",
            "'epoch",
            "a100",
            "c8",
            "'sourceId",
            "a100"));

    private QueueFiles() {}

    /**
     * Refuses a queue that Chronicle must not see.
     *
     * @param blocks directory of the queue
     * @throws CorruptTraceException if a file in it does not begin as this format's files do, or a data file has another
     *     name
     */
    static void check(Path blocks) {
        try (Stream<Path> files = Files.list(blocks)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.equals(DATA_NAME)) {
                    if (DATA.check(file)) {
                        QueueIndex.check(file);
                    }
                } else if (name.equals(TABLE_NAME)) {
                    TABLE.check(file);
                } else if (name.endsWith(DATA_SUFFIX)) {
                    throw corrupt(file, "", "no data file but " + DATA_NAME, "this one", null);
                }
            }
        } catch (IOException e) {
            throw corrupt(blocks, "", "a readable directory", PlainReason.of(e), e);
        }
    }

    static CorruptTraceException corrupt(
            Path file, String place, String expected, String found, @Nullable Throwable e) {
        return new CorruptTraceException(file.toString(), place, expected, found, NEXT_STEP, e);
    }

    /** Bytes at the start of a file, of which some may be anything. */
    private static final class Head {
        private final byte[] bytes;
        private final boolean[] fixed;

        Head(List<String> parts) {
            ByteBuffer content = ByteBuffer.allocate(512);
            boolean[] known = new boolean[content.capacity()];
            for (String part : parts) {
                int from = content.position();
                if (part.startsWith("?")) {
                    content.position(from + Integer.parseInt(part.substring(1)));
                    continue;
                }
                content.put(
                        part.startsWith("'")
                                ? part.substring(1).getBytes(US_ASCII)
                                : HexFormat.of().parseHex(part.replace(" ", "")));
                Arrays.fill(known, from, content.position(), true);
            }
            this.bytes = Arrays.copyOf(content.array(), content.position());
            this.fixed = Arrays.copyOf(known, content.position());
        }

        /** Compares; false if the description is not there yet. */
        boolean check(Path file) throws IOException {
            byte[] start;
            try (InputStream in = Files.newInputStream(file)) {
                start = in.readNBytes(bytes.length);
            }
            int size = start.length < Integer.BYTES
                    ? start.length
                    : ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt();
            if (size == 0 || (size & NOT_COMPLETE) != 0) {
                // A living writer is making the file; Chronicle reads nothing before the size is there.
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (i >= start.length) {
                    throw corrupt(file, "header", bytes.length + " bytes", start.length + " bytes", null);
                }
                if (fixed[i] && start[i] != bytes[i]) {
                    throw corrupt(file, "offset " + i, hex(bytes[i]), hex(start[i]), null);
                }
            }
            return true;
        }

        private static String hex(byte value) {
            return "0x" + Integer.toHexString(value & 0xFF);
        }
    }
}
