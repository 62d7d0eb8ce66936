package org.iorewind.bench;

import java.nio.file.Path;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;

/**
 * What a journal does with an event, done by Chronicle Queue alone: one excerpt with the frame and its CRC-32C. A tailer sees
 * it at once, and it survives the death of the process. It checks no frame, counts nothing and reserves no disk space, so it
 * does less than the journal.
 */
final class ExcerptPerEvent implements EventAppender {
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final CRC32C crc = new CRC32C();
    private long sequence;

    ExcerptPerEvent(Path folder) {
        queue = ChronicleQueue.single(folder.toString());
        appender = queue.createAppender();
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        byte[] bytes = buffer.byteArray();
        int from = offset + buffer.wrapAdjustment();
        crc.reset();
        crc.update(bytes, from, lengthBytes);
        try (DocumentContext document = appender.writingDocument()) {
            Bytes<?> into = document.wire().bytes();
            into.writeInt((int) crc.getValue());
            into.write(bytes, from, lengthBytes);
        }
        return sequence++;
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
    }
}
