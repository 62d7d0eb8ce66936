package org.iorewind.bench;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;

/**
 * What a journal does with an event, done by Chronicle Queue alone: one excerpt with the frame and its CRC-32C. A tailer sees
 * it at once, and it survives the death of the process. It checks no frame, counts nothing and reserves no disk space, so it
 * does less than the journal.
 *
 * <p>{@code writeBytes} is the quicker of Chronicle's two ways to append: {@code writingDocument} took about a quarter longer with
 * the same events.
 */
final class ExcerptPerEvent implements EventAppender {
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Bytes<ByteBuffer> excerpt = Bytes.elasticByteBuffer();
    private final CRC32C crc = new CRC32C();
    private final boolean multiplies;
    private long sequence;

    /**
     * Opens the queue.
     *
     * @param multiplies whether each event gets the check that it has in a slot of the journal, a multiplication for each of its
     *     words, in place of CRC-32C
     */
    ExcerptPerEvent(Path folder, boolean multiplies) {
        this.multiplies = multiplies;
        queue = ChronicleQueue.single(folder.toString());
        appender = queue.createAppender();
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        byte[] bytes = buffer.byteArray();
        int from = offset + buffer.wrapAdjustment();
        excerpt.clear();
        excerpt.write(bytes, from, lengthBytes);
        if (multiplies) {
            long check = sequence * 0x9E37_79B9_7F4A_7C15L;
            for (int i = 0; i < lengthBytes; i += Long.BYTES) {
                check = Long.rotateLeft(check ^ buffer.getLong(offset + i), 29) * 0xC2B2_AE3D_27D4_EB4FL;
            }
            excerpt.writeLong(check);
        } else {
            crc.reset();
            crc.update(bytes, from, lengthBytes);
            excerpt.writeInt((int) crc.getValue());
        }
        appender.writeBytes(excerpt);
        return sequence++;
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
        excerpt.releaseLast();
    }
}
