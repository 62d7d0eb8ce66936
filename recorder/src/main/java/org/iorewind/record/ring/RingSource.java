package org.iorewind.record.ring;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a ring. What another process wrote is taken for what it claims only after a look: a length that cannot be ends
 * nothing, it costs the records in the ring at that moment, and {@link RingHandler#lost} says so.
 *
 * <p>One thread. Allocates nothing per record.
 */
public final class RingSource {
    private static final int DISCARDED_AT_ONCE = 256;

    private final RingFile file;
    private final UnsafeBuffer data;
    private final UnsafeBuffer header;
    private final int capacity;
    private final int mask;
    private final int releaseEvery;
    private long head;
    /** The writer's position when it was asked last: it only grows. */
    private long tailSeen;

    private long records;
    private long unknown;

    /** Reads from where the reader before stopped; what it had handed on and not freed is freed now. */
    public RingSource(RingFile file) {
        this.file = file;
        this.data = file.data();
        this.header = file.header();
        this.capacity = file.capacity();
        this.mask = capacity - 1;
        this.releaseEvery = capacity / 16;
        this.head = file.head();
        long taken = header.getLongVolatile(RingDescriptor.READER_TAKEN_OFFSET);
        if (taken > head && taken <= file.tail() && taken - head <= capacity) {
            free(head, taken);
        }
    }

    /** Records handed on so far. */
    public long records() {
        return records;
    }

    /** Records of kinds that this version does not know: counted and skipped. */
    public long unknownRecords() {
        return unknown;
    }

    /**
     * Hands on what is there.
     *
     * @param handler takes it; if it throws, the record it was given stays in the ring, and those before it are freed
     * @param limit most records at once
     * @return how many were handed on; 0 if nothing is there now
     */
    public int poll(RingHandler handler, int limit) {
        file.alive();
        int count = 0;
        long from = head;
        long at = head;
        tailSeen = file.tail();
        try {
            while (count < limit) {
                int index = (int) at & mask;
                int length = data.getIntVolatile(index);
                if (length <= 0) {
                    break;
                }
                if (!fits(at, index, length)) {
                    free(from, at);
                    from = at;
                    at = giveUp(handler, at, length);
                    from = at;
                    count++;
                    continue;
                }
                count += record(handler, index, length);
                at += aligned(length);
                if (at - from >= releaseEvery) {
                    free(from, at);
                    from = at;
                }
            }
        } finally {
            free(from, at);
        }
        return count;
    }

    private static int aligned(int length) {
        return length + (RingDescriptor.RECORD_ALIGNMENT - 1) & -RingDescriptor.RECORD_ALIGNMENT;
    }

    /** The tail is asked for as seldom as possible: the writer, which moves it, would feel each look. */
    private boolean fits(long at, int index, int length) {
        if (length < RingDescriptor.RECORD_HEADER_LENGTH || length > capacity - index) {
            return false;
        }
        if (aligned(length) > tailSeen - at) {
            tailSeen = file.tail();
        }
        return aligned(length) <= tailSeen - at;
    }

    /** Nothing tells where the next record starts: all that is in the ring now is lost. */
    private long giveUp(RingHandler handler, long at, int length) {
        long tail = file.tail();
        long end = tail > at && tail - at <= capacity ? tail & -RingDescriptor.RECORD_ALIGNMENT : at + capacity;
        long now = file.nowNs();
        handler.lost(
                now, now, 0, "a record in the ring claims a length of " + length + " bytes: what was in it is lost");
        free(at, end);
        return end;
    }

    private int record(RingHandler handler, int index, int length) {
        int type = data.getInt(index + 4, LITTLE_ENDIAN);
        int content = index + RingDescriptor.RECORD_HEADER_LENGTH;
        int bytes = length - RingDescriptor.RECORD_HEADER_LENGTH;
        if (type == RingDescriptor.PADDING) {
            return 0;
        }
        if (type == RingDescriptor.EVENT) {
            handler.event(data, content, bytes);
        } else if (type == RingDescriptor.TEXT && bytes >= RingDescriptor.TEXT_HEADER_LENGTH) {
            handler.text(
                    data.getLong(content, LITTLE_ENDIAN),
                    data.getInt(content + RingDescriptor.TEXT_THREAD_OFFSET, LITTLE_ENDIAN),
                    data.getShort(content + RingDescriptor.TEXT_STREAM_OFFSET, LITTLE_ENDIAN) & 0xFFFF,
                    data,
                    content + RingDescriptor.TEXT_HEADER_LENGTH,
                    bytes - RingDescriptor.TEXT_HEADER_LENGTH);
        } else if (type == RingDescriptor.LOST && bytes >= RingDescriptor.LOST_LENGTH) {
            handler.lost(
                    data.getLong(content, LITTLE_ENDIAN),
                    data.getLong(content + 8, LITTLE_ENDIAN),
                    data.getLong(content + 16, LITTLE_ENDIAN),
                    "the ring was full");
        } else if (type == RingDescriptor.CLOCK && bytes >= RingDescriptor.CLOCK_LENGTH) {
            handler.clock(data.getLong(content, LITTLE_ENDIAN), data.getLong(content + 8, LITTLE_ENDIAN));
        } else {
            unknown++;
        }
        records++;
        return 1;
    }

    /** Writers expect zeros in what is free; and a reader that dies here has told which records it had handed on. */
    private void free(long from, long to) {
        if (to <= from) {
            return;
        }
        header.putLongVolatile(RingDescriptor.READER_TAKEN_OFFSET, to);
        for (long at = from; at < to; ) {
            int index = (int) at & mask;
            int part = (int) Math.min(to - at, capacity - index);
            data.setMemory(index, part, (byte) 0);
            at += part;
        }
        head = to;
        data.putLongVolatile(capacity + RingDescriptor.HEAD_OFFSET, to);
    }

    /**
     * Throws away what is there now: a reader that comes after another one starts from a state that it finds out otherwise.
     *
     * @return how many records that were, with those of which the writer knows that they were lost
     */
    public long discard() {
        Discarded discarded = new Discarded();
        // a writer at work would give more for ever
        long until = file.tail();
        while (head < until && poll(discarded, DISCARDED_AT_ONCE) > 0) {
            // more
        }
        return discarded.records + header.getAndSetLong(RingDescriptor.UNTOLD_OFFSET, 0);
    }

    private static final class Discarded implements RingHandler {
        long records;

        @Override
        public void event(DirectBuffer buffer, int offset, int length) {
            records++;
        }

        @Override
        public void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length) {
            records++;
        }

        @Override
        public void lost(long firstNs, long lastNs, long count, String why) {
            records += count;
        }
    }

    /**
     * Hands on the rest after the writer is gone ({@link WriterState#ENDED} or {@link WriterState#KILLED}): also what lies
     * behind records that it had begun and not finished, and what it lost and could not tell any more.
     *
     * @return records that it had not finished
     */
    public long finish(RingHandler handler) {
        long unfinished = 0;
        while (true) {
            while (poll(handler, Integer.MAX_VALUE) > 0) {
                // more
            }
            long tail = file.tail();
            if (tail <= head || tail - head > capacity) {
                break;
            }
            unfinished++;
            free(head, endOfUnfinished(tail));
        }
        long now = file.nowNs();
        if (unfinished > 0) {
            handler.lost(now, now, unfinished, "the writer was killed while it wrote them");
        }
        long untold = header.getLongVolatile(RingDescriptor.UNTOLD_OFFSET);
        if (untold != 0) {
            handler.lost(
                    header.getLong(RingDescriptor.UNTOLD_FIRST_OFFSET, LITTLE_ENDIAN),
                    header.getLong(RingDescriptor.UNTOLD_LAST_OFFSET, LITTLE_ENDIAN),
                    untold,
                    "the ring was full");
            header.putLongVolatile(RingDescriptor.UNTOLD_OFFSET, 0);
        }
        return unfinished;
    }

    /** A record that was begun has its length, negative; one that was only claimed has none: the next one that has ends it. */
    private long endOfUnfinished(long tail) {
        int length = data.getIntVolatile((int) head & mask);
        long claimed = -(long) length + (RingDescriptor.RECORD_ALIGNMENT - 1) & -RingDescriptor.RECORD_ALIGNMENT;
        if (length < 0 && claimed <= tail - head) {
            return head + Math.max(claimed, RingDescriptor.RECORD_ALIGNMENT);
        }
        long at = head + RingDescriptor.RECORD_ALIGNMENT;
        while (at < tail && data.getIntVolatile((int) at & mask) == 0) {
            at += RingDescriptor.RECORD_ALIGNMENT;
        }
        return at;
    }
}
