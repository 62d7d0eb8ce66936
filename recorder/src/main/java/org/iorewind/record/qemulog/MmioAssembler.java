package org.iorewind.record.qemulog;

import java.util.ArrayDeque;
import org.iorewind.record.text.Digits;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.jspecify.annotations.Nullable;

/**
 * Register accesses.
 *
 * <p>QEMU before 10.2 prints register writes with the event of reads, without the value. What follows in the same access
 * tells them apart: the plug-in's line for the store, or the lines that only a write causes. Reference 12.3.
 */
final class MmioAssembler {
    private static final int CONTROL = 0x18;
    private static final int COMMAND_BASE = 0x08;
    private static final int EVENT_BASE = 0x10;
    private static final int COMMAND_HEAD = 0x2000;
    private static final int COMMAND_TAIL = 0x2008;
    private static final int QWORD = 8;
    private static final long MOST_OFFSET = 0xFFFF_FFFFL;
    /**
     * How far the consequence of an access is looked for. Its lines follow within microseconds; at the log's best rate
     * of 100,000 lines a second the other threads print as many as this in 2.5 ms. Farther would cost that many steps
     * for every access of a log whose threads never meet.
     */
    static final int MOST_LINES_TO_CONSEQUENCE = 256;
    /** The plug-in prints a store right after the device model ran: one line waits for each virtual CPU at most. */
    private static final int MOST_AWAITED = 1024;
    /** Linux asks for a ring of 512 commands; a log without register values does not tell. Length code in [59:56]. */
    private static final long ASSUMED_RING_LENGTH = 9L << 56;

    /** What an access printed with the read event turned out to be. */
    private enum Direction {
        READ,
        WRITE,
        WRITE_OF_UNKNOWN_VALUE,
        UNKNOWN
    }

    private record StoreLine(long offset, long size, long value) {}

    private final ImportContext context;
    private final MemoryAssembler memory;
    private final TranscriptAssembler transcript;
    /** Writes already written to the trace, whose plug-in line is still to come. */
    private final ArrayDeque<StoreLine> awaited = new ArrayDeque<>();

    private long foundValue;
    private @Nullable LogLine foundCommand;
    private long inferredBase;
    private long eventRegister;
    private boolean running = true;

    MmioAssembler(ImportContext context, MemoryAssembler memory, TranscriptAssembler transcript) {
        this.context = context;
        this.memory = memory;
        this.transcript = transcript;
    }

    /** Takes a line of a register access; false if no such access exists. */
    boolean line(LogLine line) {
        boolean access = line.is(QemuEvent.MMIO_WRITE) || line.is(QemuEvent.MMIO_READ);
        if (access && !isAccess(line.values[0], line.values[1])) {
            return false;
        }
        context.clock(line);
        switch (java.util.Objects.requireNonNull(line.event)) {
            case MMIO_WRITE -> write(line.values[0], line.values[1], line.values[2], 0);
            case MMIO_READ -> {
                if (context.facts.writesHaveValues()) {
                    read((int) line.values[1], line.values[0]);
                } else {
                    readOrWrite(line);
                }
            }
            case CONTROL_STATUS ->
                context.writer.mmioReadValue(MmioSpace.HOST, QWORD, RegisterReport.REPORTED, CONTROL, line.values[0]);
            case COMMAND_ERROR, MMIO_READ_INVALID -> context.fold(line);
            default -> throw new IllegalArgumentException("not a register line: " + line.text);
        }
        return true;
    }

    /** What an event can hold: other numbers would be cut and name another register. */
    static boolean isAccess(long offset, long size) {
        return offset >= 0 && offset <= MOST_OFFSET && (size == 1 || size == 2 || size == 4 || size == 8);
    }

    private void read(int size, long offset) {
        context.writer.mmioRead(MmioSpace.HOST, size, offset);
        Long answer = context.facts.qtest() && transcript.concerns(offset) ? transcript.answer() : null;
        if (answer != null) {
            context.writer.mmioReadValue(MmioSpace.HOST, size, RegisterReport.READ, offset, answer);
        }
    }

    private void write(long offset, long size, long value, int flags) {
        if (offset >= EVENT_BASE && offset + size <= EVENT_BASE + QWORD) {
            eventBase(offset - EVENT_BASE, size, value);
        }
        if (offset == CONTROL || offset == COMMAND_HEAD || offset == COMMAND_TAIL) {
            memory.commandsAhead();
        }
        context.writer.flags(flags).mmioWrite(MmioSpace.HOST, (int) size, offset, value);
        if (context.facts.memoryRecorded()) {
            if (awaited.size() == MOST_AWAITED) {
                awaited.remove();
            }
            awaited.add(new StoreLine(offset, size, value));
        }
    }

    /** The register may be written in parts. */
    private void eventBase(long from, long size, long value) {
        long mask = -1L >>> Long.SIZE - Byte.SIZE * size << Byte.SIZE * from;
        eventRegister = eventRegister & ~mask | value << Byte.SIZE * from & mask;
        context.eventLogBase = eventRegister & TableDescriptor.ADDRESS;
    }

    private void readOrWrite(LogLine line) {
        long offset = line.values[0];
        int size = (int) line.values[1];
        switch (direction(line)) {
            case READ -> read(size, offset);
            case WRITE -> {
                if (foundCommand != null) {
                    inferBase(foundCommand.values[2]);
                }
                boolean recorded = context.facts.memoryRecorded() || context.facts.qtest();
                write(offset, size, foundValue, recorded ? 0 : EventFlag.INFERRED);
            }
            case WRITE_OF_UNKNOWN_VALUE ->
                context.writer.flags(EventFlag.VALUE_UNKNOWN).mmioWrite(MmioSpace.HOST, size, offset, 0);
            case UNKNOWN -> context.writer.flags(EventFlag.DIRECTION_UNKNOWN).mmioRead(MmioSpace.HOST, size, offset);
        }
    }

    /** Without register values the ring's base is known only from the first command taken from it. */
    private void inferBase(long base) {
        if (!context.facts.memoryRecorded() && base != inferredBase) {
            inferredBase = base;
            context.writer
                    .flags(EventFlag.INFERRED)
                    .injected(
                            InjectedAction.FORCE_REGISTER,
                            COMMAND_BASE,
                            base | ASSUMED_RING_LENGTH,
                            0,
                            "base from the first command line, length assumed");
        }
    }

    private Direction direction(LogLine access) {
        foundCommand = null;
        if (context.facts.qtest()) {
            return directionByRequest(access);
        }
        return context.facts.memoryRecorded() ? directionByPlugin(access) : directionByConsequence(access);
    }

    private Direction directionByRequest(LogLine access) {
        if (!transcript.concerns(access.values[0])) {
            return Direction.UNKNOWN;
        }
        foundValue = transcript.value();
        return transcript.isWrite() ? Direction.WRITE : Direction.READ;
    }

    /** With the plug-in every store to a register has a line before the CPU does anything else. */
    private Direction directionByPlugin(LogLine access) {
        long offset = access.values[0];
        for (int i = 0; ; i++) {
            LogLine line = context.lines.peek(i);
            if (line == null) {
                return Direction.READ;
            }
            if (line.type == LogLine.Type.MEMORY) {
                StoreLine store = registerStore(line);
                if (store == null && i < MOST_LINES_TO_CONSEQUENCE) {
                    // a store to memory: of another processor, or the next thing that this one does
                    continue;
                }
                if (store == null || store.offset != offset) {
                    return Direction.READ;
                }
                foundValue = store.value;
                return Direction.WRITE;
            }
            if (line.is(QemuEvent.MMIO_READ)) {
                return Direction.READ;
            }
        }
    }

    /** Without it, only what a write makes the device do tells; lines of other threads may stand between. */
    private Direction directionByConsequence(LogLine access) {
        long offset = access.values[0];
        for (int i = 0; i < MOST_LINES_TO_CONSEQUENCE; i++) {
            LogLine line = context.lines.peek(i);
            if (line == null) {
                return Direction.UNKNOWN;
            }
            boolean otherThread =
                    line.thread != access.thread && line.thread != LogLine.UNKNOWN && access.thread != LogLine.UNKNOWN;
            if (otherThread) {
                continue;
            }
            if (offset == CONTROL) {
                if (line.is(QemuEvent.CONTROL_STATUS)) {
                    foundValue = line.values[0];
                    return Direction.WRITE;
                }
                return Direction.READ;
            }
            boolean pointer = offset == COMMAND_HEAD || offset == COMMAND_TAIL;
            if (pointer && line.is(QemuEvent.COMMAND_EXEC)) {
                foundCommand = line;
                foundValue = offset == COMMAND_TAIL ? line.values[1] : line.values[0];
                return Direction.WRITE;
            }
            if (pointer && line.is(QemuEvent.COMMAND_ERROR)) {
                return Direction.WRITE_OF_UNKNOWN_VALUE;
            }
            return Direction.UNKNOWN;
        }
        return Direction.UNKNOWN;
    }

    private static @Nullable StoreLine registerStore(LogLine line) {
        String[] words = line.words();
        if (words.length != 5 || !words[0].equals("I") || !words[1].equals("W")) {
            return null;
        }
        try {
            return new StoreLine(Digits.hex(words[2]), Digits.hex(words[3]), Digits.hex(words[4]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * A {@code mem I} line: repeats a write that has a line of its own, or is the only record of the access. False if
     * it cannot be understood.
     */
    boolean pluginLine(LogLine line, String direction, long offset, long sizeBytes, long value) {
        if (!isAccess(offset, sizeBytes)) {
            return false;
        }
        int size = (int) sizeBytes;
        if (direction.equals("R")) {
            context.writer.mmioReadValue(MmioSpace.HOST, size, RegisterReport.READ, offset, value);
            return true;
        }
        if (!direction.equals("W")) {
            return false;
        }
        StoreLine expected = awaited.poll();
        if (expected != null && expected.equals(new StoreLine(offset, size, value))) {
            context.fold(line);
            return true;
        }
        awaited.clear();
        context.writer.mmioWrite(MmioSpace.HOST, size, offset, value);
        return true;
    }

    /** A {@code reg} line of a snapshot: the state at attach is an input, the state at the end an observation. */
    boolean snapshotRegister(LogLine line) {
        String[] words = line.words();
        if (words.length != 2) {
            return false;
        }
        try {
            long offset = Digits.hex(words[0]);
            long value = Digits.hex(words[1]);
            if (!isAccess(offset, QWORD)) {
                return false;
            }
            if (running) {
                context.writer.mmioReadValue(MmioSpace.HOST, QWORD, RegisterReport.REPORTED, offset, value);
            } else {
                context.writer.injected(InjectedAction.FORCE_REGISTER, offset, value, 0, "state at attach");
            }
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** A heading of a snapshot or transcript. */
    void section(String heading) {
        running = !heading.startsWith("# state at attach");
    }

    /** The device starts afresh. */
    void reset() {
        awaited.clear();
        inferredBase = 0;
        eventRegister = 0;
        context.eventLogBase = 0;
    }
}
