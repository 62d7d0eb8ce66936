package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/**
 * The software side of a command ring (reference 3.1): stores commands, moves the tail, waits by the data that
 * COMPLETION_WAIT stores.
 *
 * <pre>
 *   push ──▶ ring in memory ──▶ tail register ──▶ (hardware) ──▶ semaphore in memory ──▶ complete
 * </pre>
 *
 * <p>A ring that does not move makes calls fail, not hang (MC-V44). Not thread-safe.
 */
public final class CommandQueue {
    /** Bytes that Linux leaves free, so that head and tail never meet. */
    private static final int MARGIN_BYTES = 0x20;

    private static final int MOST_POLLS = 16;
    private static final int PAGE_BYTES = 4096;

    private final DriverPort port;
    private final int lengthCode;
    private final int ringBytes;
    private final Doorbell doorbell;
    private Runnable whileWaiting = () -> {};
    private long base;
    private long semaphore;
    private int head;
    private int tail;
    private int shownTail;
    private long sequence;
    private long commands;
    private long doorbells;

    /**
     * A queue without memory.
     *
     * @param port the machine
     * @param lengthCode log2 of the number of commands that the ring has room for, 8 to 15
     * @param doorbell when the tail register is written
     */
    public CommandQueue(DriverPort port, int lengthCode, Doorbell doorbell) {
        this.port = port;
        this.lengthCode = lengthCode;
        this.ringBytes = RegisterDescriptor.RING_ENTRY_BYTES << lengthCode;
        this.doorbell = doorbell;
    }

    /** Takes memory for the ring and tells the hardware, which must not run it yet. */
    public void setUp() {
        base = port.allocate(ringBytes, PAGE_BYTES);
        port.clear(MemoryRole.COMMAND_RING, base, ringBytes);
        semaphore = port.allocate(PAGE_BYTES, PAGE_BYTES);
        port.clear(MemoryRole.DATA, semaphore, Long.BYTES);
        reset();
    }

    /** Tells the hardware anew where the ring is, which is empty then; for a ring that was stopped. */
    public void reset() {
        long length = (long) lengthCode << RegisterDescriptor.RING_LENGTH_SHIFT;
        port.writeRegister(RegisterDescriptor.COMMAND_BASE, Long.BYTES, base | length);
        port.writeRegister(RegisterDescriptor.COMMAND_HEAD, Long.BYTES, 0);
        port.writeRegister(RegisterDescriptor.COMMAND_TAIL, Long.BYTES, 0);
        head = 0;
        tail = 0;
        shownTail = 0;
    }

    /** What to do between two looks at the semaphore: let devices answer invalidation requests, for example. */
    public void whileWaiting(Runnable action) {
        whileWaiting = action;
    }

    /**
     * Puts a command into the ring, as one store of 16 bytes.
     *
     * @return whether there was room; none is left only if the hardware takes no commands
     */
    public boolean push(Command command) {
        if (!hasRoom(1) && !makesRoom(1)) {
            return false;
        }
        place(command);
        commands++;
        if (doorbell == Doorbell.EACH_COMMAND) {
            ring();
        }
        return true;
    }

    /**
     * Puts a command of two slots into the ring: hardware never sees the first without the second.
     *
     * @return whether there was room
     */
    public boolean push(Command command, Command body) {
        if (!hasRoom(2) && !makesRoom(2)) {
            return false;
        }
        place(command);
        place(body);
        commands++;
        if (doorbell == Doorbell.EACH_COMMAND) {
            ring();
        }
        return true;
    }

    private void place(Command slot) {
        port.store(MemoryRole.COMMAND_RING, base + tail, slot.quadword0(), slot.quadword1());
        tail = tail + RegisterDescriptor.RING_ENTRY_BYTES & ringBytes - 1;
    }

    /** Writes the tail register, unless it shows all commands already. */
    public void ring() {
        if (shownTail != tail) {
            port.writeRegister(RegisterDescriptor.COMMAND_TAIL, Long.BYTES, tail);
            shownTail = tail;
            doorbells++;
        }
    }

    /**
     * Waits until all commands so far are complete: COMPLETION_WAIT with a store, and looks at what it stores.
     *
     * @return whether the hardware completed them
     */
    public boolean complete() {
        sequence++;
        if (!push(Command.completionWait(semaphore, sequence))) {
            return false;
        }
        ring();
        return isReached();
    }

    private boolean isReached() {
        for (int polls = 0; polls < MOST_POLLS; polls++) {
            if (port.load(semaphore) == sequence) {
                return true;
            }
            whileWaiting.run();
        }
        return false;
    }

    private boolean hasRoom(int slots) {
        return (head - tail - RegisterDescriptor.RING_ENTRY_BYTES & ringBytes - 1)
                >= MARGIN_BYTES + (slots - 1) * RegisterDescriptor.RING_ENTRY_BYTES;
    }

    private boolean makesRoom(int slots) {
        ring();
        for (int polls = 0; polls < MOST_POLLS; polls++) {
            head = (int) port.readRegister(RegisterDescriptor.COMMAND_HEAD, Long.BYTES) & ringBytes - 1;
            if (hasRoom(slots)) {
                return true;
            }
            whileWaiting.run();
        }
        return false;
    }

    /** Address of the ring. */
    public long base() {
        return base;
    }

    /** Address that completion waits store to. */
    public long semaphore() {
        return semaphore;
    }

    /** Bytes of the ring. */
    public int ringBytes() {
        return ringBytes;
    }

    /** Commands stored so far. */
    public long commands() {
        return commands;
    }

    /** Writes to the tail register so far. */
    public long doorbells() {
        return doorbells;
    }
}
