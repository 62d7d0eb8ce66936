package org.iorewind.trace.archive;

import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.archive.ChunkDirectory.Column;
import org.iorewind.trace.archive.ChunkDirectory.Entry;

/**
 * The words of a template that frames need from it: neither the time, which is there already, nor words that a column
 * replaces whole. A template that ends inside a word goes on with zeros, which lie in the frame: variable fields follow.
 * Not thread-safe.
 */
final class TemplateStamp {
    private long[] words = new long[16];
    private int[] offsets = new int[16];
    private int count;

    /** Cuts the template of a shape that is not one of whole frames. */
    void cut(Entry shape) {
        byte[] template = shape.template();
        int length = FrameDescriptor.align(template.length) / Long.BYTES;
        if (words.length < length) {
            words = new long[length];
            offsets = new int[length];
        }
        count = 0;
        // Columns ascend.
        int column = 0;
        int columns = shape.columns().size() - shape.lengthColumns();
        for (int at = 0; at < template.length; at += Long.BYTES) {
            while (column < columns && shape.columns().get(column).offset() < at) {
                column++;
            }
            boolean isReplaced = column < columns && isWhole(shape.columns().get(column), at);
            if (at != FrameDescriptor.TIME_OFFSET && !isReplaced) {
                long word = 0;
                for (int i = 0; i < Math.min(Long.BYTES, template.length - at); i++) {
                    word |= (template[at + i] & 0xFFL) << i * Byte.SIZE;
                }
                words[count] = word;
                offsets[count++] = at;
            }
        }
    }

    /** Whether a column replaces the word at this offset, and all of it. */
    private static boolean isWhole(Column column, int at) {
        return column.offset() == at && column.width() == Long.BYTES;
    }

    /** Puts the words into the frames at these positions. */
    void put(byte[] frames, int[] positions, int from, int end) {
        int word = 0;
        for (; count - word >= 4; word += 4) {
            putFour(word, frames, positions, from, end);
        }
        for (; count - word >= 2; word += 2) {
            putTwo(word, frames, positions, from, end);
        }
        if (word < count) {
            int offset = offsets[word];
            long value = words[word];
            for (int i = from; i < end; i++) {
                LittleEndian.LONG.set(frames, positions[i] + offset, value);
            }
        }
    }

    private void putFour(int word, byte[] frames, int[] positions, int from, int end) {
        int offset0 = offsets[word];
        int offset1 = offsets[word + 1];
        int offset2 = offsets[word + 2];
        int offset3 = offsets[word + 3];
        long word0 = words[word];
        long word1 = words[word + 1];
        long word2 = words[word + 2];
        long word3 = words[word + 3];
        for (int i = from; i < end; i++) {
            int position = positions[i];
            LittleEndian.LONG.set(frames, position + offset0, word0);
            LittleEndian.LONG.set(frames, position + offset1, word1);
            LittleEndian.LONG.set(frames, position + offset2, word2);
            LittleEndian.LONG.set(frames, position + offset3, word3);
        }
    }

    private void putTwo(int word, byte[] frames, int[] positions, int from, int end) {
        int offset0 = offsets[word];
        int offset1 = offsets[word + 1];
        long word0 = words[word];
        long word1 = words[word + 1];
        for (int i = from; i < end; i++) {
            int position = positions[i];
            LittleEndian.LONG.set(frames, position + offset0, word0);
            LittleEndian.LONG.set(frames, position + offset1, word1);
        }
    }
}
