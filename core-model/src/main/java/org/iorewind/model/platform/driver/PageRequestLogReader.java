package org.iorewind.model.platform.driver;

import java.util.List;
import org.iorewind.model.platform.DriverPort;

/** The software side of the PPR log: takes its memory, drains it, starts it again after an overflow. Not thread-safe. */
public final class PageRequestLogReader {
    private final LogBuffer buffer;

    /**
     * A log without memory.
     *
     * @param port the machine
     * @param lengthCode log2 of the number of entries, 8 to 15
     */
    public PageRequestLogReader(DriverPort port, int lengthCode) {
        buffer = new LogBuffer(port, LogRegisters.PAGE_REQUESTS, new ControlRegister(port), lengthCode);
    }

    /** Takes memory for the log, and tells the hardware, which must not fill it yet. */
    public void setUp() {
        buffer.setUp();
    }

    /** Takes all requests out, oldest first; an overflow is ended. */
    public List<PageRequestRecord> drain() {
        return buffer.drain().stream().map(PageRequestRecord::of).toList();
    }

    /** How often an overflow was ended: each time requests were lost. */
    public long overflows() {
        return buffer.overflows();
    }

    /** Address of the log. */
    public long base() {
        return buffer.base();
    }
}
