package org.iorewind.model.platform.driver;

import java.util.List;
import org.iorewind.model.platform.DriverPort;

/** The software side of the event log: takes its memory, drains it, starts it again after an overflow. Not thread-safe. */
public final class EventLogReader {
    private final LogBuffer buffer;

    /**
     * A log without memory.
     *
     * @param port the machine
     * @param lengthCode log2 of the number of entries, 8 to 15
     */
    public EventLogReader(DriverPort port, int lengthCode) {
        buffer = new LogBuffer(port, LogRegisters.EVENTS, new ControlRegister(port), lengthCode);
    }

    /** Takes memory for the log, and tells the hardware, which must not fill it yet. */
    public void setUp() {
        buffer.setUp();
    }

    /** Takes all events out, oldest first; an overflow is ended. */
    public List<EventRecord> drain() {
        return drainEntries().stream().map(EventRecord::of).toList();
    }

    /** The same with the entries as they stand in the log. */
    public List<LogEntry> drainEntries() {
        return buffer.drain();
    }

    /** How often an overflow was ended: each time events were lost. */
    public long overflows() {
        return buffer.overflows();
    }

    /** Address of the log. */
    public long base() {
        return buffer.base();
    }
}
