package org.iorewind.trace.archive;

import java.nio.ByteBuffer;

/**
 * A column as it goes into a chunk.
 *
 * @param offset in the frame; 0 for lengths
 * @param width of a value in bytes
 * @param residuals how values become numbers
 * @param layout how the numbers become bytes
 * @param stored the bytes, compressed if that pays
 */
record EncodedColumn(int offset, int width, Residuals residuals, int layout, byte[] stored) {
    /** Writes the column's entry in the directory, see {@link ColumnDescriptor}. */
    void describe(ByteBuffer out) {
        int start = out.position();
        out.putShort((short) offset).put((byte) width).put((byte) residuals.predictor());
        out.put((byte) layout).put((byte) residuals.bits());
        out.put((byte) residuals.otherShape()).put((byte) 0);
        out.putShort((short) residuals.otherOffset()).putShort((short) residuals.dictionary().length);
        out.putInt(stored.length);
        out.putLong(residuals.first()).putLong(residuals.least()).putLong(residuals.step());
        out.putInt(0);
        if (out.position() - start != ColumnDescriptor.COLUMN_LENGTH) {
            throw new IllegalStateException("not the length of a column: " + (out.position() - start));
        }
    }
}
