package org.iorewind.trace.archive;

/**
 * Layout of the directory of a chunk, and the codes in it, little-endian. The directory says how the frames of the chunk
 * are put together again; it needs no schema. Shapes are numbered from 0 in the order of the directory.
 *
 * <pre>
 *  directory  = i64 start time, u32 stored length of the shape stream, u16 number of shapes, u16 0, { shape }
 *  shape      = u8 form, u8 variable fields, u16 number of columns, u32 events, u16 length of the template, template,
 *               { column }, [ u32 length of the content, u32 its stored length ]          (content: forms 1 and 2 only)
 *
 *  column, 44 bytes
 *      0       1       2       3       4       5       6       7
 *  +---------------+-------+-------+-------+-------+-------+-------+
 *  | frame offset  | width | pred. |layout | bits  | ref.  |   0   |  0
 *  +---------------+-------+-------+-------+-------+-------+-------+
 *  | ref. offset   | dictionary    | stored length                 |  8
 *  +---------------+---------------+-------------------------------+
 *  | first                                                         |  16
 *  +---------------------------------------------------------------+
 *  | least                                                         |  24
 *  +---------------------------------------------------------------+
 *  | step                                                          |  32
 *  +-------------------------------+-------------------------------+
 *  | 0                             |  40
 *  +-------------------------------+
 *
 *  form 0 FIXED     the template is the whole frame; columns replace parts of it
 *  form 1 VARIABLE  the template is header and fixed part; one more column for each variable field holds its lengths; the
 *                   content is that of all variable fields, event by event
 *  form 2 WHOLE     no template; one column holds the lengths of the frames in words, the content is the frames
 * </pre>
 *
 * <p>In forms 0 and 1 the 8 bytes of the time hold the difference to the event before it in the chunk, whatever its
 * shape; the first event differs from the start time.
 */
final class ColumnDescriptor {
    static final int FORM_FIXED = 0;
    static final int FORM_VARIABLE = 1;
    static final int FORM_WHOLE = 2;

    /** {@code value = u}. */
    static final int PREDICT_NOTHING = 0;
    /** {@code value = signed(u)}. */
    static final int PREDICT_ZERO = 1;
    /** {@code value = previous + signed(u)}; before the first value comes {@code first}. */
    static final int PREDICT_PREVIOUS = 2;
    /** {@code value = other + signed(u)}: another field of the same event, or the last one of another shape before it. */
    static final int PREDICT_OTHER = 3;
    /** {@code value = dictionary[u]}. */
    static final int PREDICT_DICTIONARY = 4;

    /** All lowest bytes, then all bytes above, and so on. */
    static final int LAYOUT_PLANES = 0;
    /** Number by number, each in whole bytes. */
    static final int LAYOUT_BYTES = 1;
    /** Number by number, each in as many bits as needed, lowest bit first. */
    static final int LAYOUT_BITS = 2;

    static final int DIRECTORY_HEAD_LENGTH = 16;
    static final int SHAPE_HEAD_LENGTH = 10;
    static final int COLUMN_LENGTH = 44;
    static final int CONTENT_LENGTH = 8;

    static final int COLUMN_WIDTH_OFFSET = 2;
    static final int COLUMN_PREDICTOR_OFFSET = 3;
    static final int COLUMN_LAYOUT_OFFSET = 4;
    static final int COLUMN_BITS_OFFSET = 5;
    static final int COLUMN_OTHER_SHAPE_OFFSET = 6;
    static final int COLUMN_OTHER_OFFSET_OFFSET = 8;
    static final int COLUMN_DICTIONARY_OFFSET = 10;
    static final int COLUMN_STORED_LENGTH_OFFSET = 12;
    static final int COLUMN_FIRST_OFFSET = 16;
    static final int COLUMN_LEAST_OFFSET = 24;
    static final int COLUMN_STEP_OFFSET = 32;

    /** Most shapes in a chunk; the number of a shape is one byte. */
    static final int MAX_SHAPES = 255;
    /** Most values in a dictionary. */
    static final int MAX_DICTIONARY = 256;
    /** Longest directory; a writer never comes near it. */
    static final int MAX_DIRECTORY_LENGTH = 1 << 20;

    private ColumnDescriptor() {}

    /** Bytes that a number of so many bits takes in the layouts of whole bytes. */
    static int bytes(int bits) {
        return bits + 7 >>> 3;
    }

    /** The mask of the low {@code width} bytes. */
    static long mask(int width) {
        return width == Long.BYTES ? -1L : (1L << width * Byte.SIZE) - 1;
    }

    /** {@code 0, -1, 1, -2, ...} as {@code 0, 1, 2, 3, ...}, of a number of {@code width} bytes. */
    static long unsigned(long difference, int width) {
        int shift = Long.SIZE - width * Byte.SIZE;
        long extended = difference << shift >> shift;
        return (extended << 1 ^ extended >> Long.SIZE - 1) & mask(width);
    }

    /** The inverse of {@link #unsigned}. */
    static long signed(long u) {
        return u >>> 1 ^ -(u & 1);
    }
}
