package org.iorewind.model.platform.driver;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.SystemBus;

/** The software side of a log (reference 4.5). Not thread-safe. */
final class LogBuffer {
    private static final int PAGE_BYTES = 4096;
    private static final int ENTRY_WORDS = 2;

    private final DriverPort port;
    private final LogRegisters registers;
    private final ControlRegister control;
    private final int lengthCode;
    private final int bytes;
    private long base;
    private long overflows;

    LogBuffer(DriverPort port, LogRegisters registers, ControlRegister control, int lengthCode) {
        this.port = port;
        this.registers = registers;
        this.control = control;
        this.lengthCode = lengthCode;
        this.bytes = RegisterDescriptor.RING_ENTRY_BYTES << lengthCode;
    }

    /** Takes memory for the log, and tells the hardware, which must not fill it yet. */
    void setUp() {
        base = port.allocate(bytes, PAGE_BYTES);
        port.clear(registers.role, base, bytes);
        port.writeRegister(
                registers.base, Long.BYTES, base | (long) lengthCode << RegisterDescriptor.RING_LENGTH_SHIFT);
        port.writeRegister(registers.head, Long.BYTES, 0);
        port.writeRegister(registers.tail, Long.BYTES, 0);
    }

    /** Takes all entries out, oldest first, and starts the log again if it overflowed. */
    List<LogEntry> drain() {
        long status = port.readRegister(RegisterDescriptor.STATUS, Long.BYTES);
        if ((status & registers.interrupt) != 0) {
            port.writeRegister(RegisterDescriptor.STATUS, Long.BYTES, registers.interrupt);
        }
        int head = pointer(registers.head);
        int tail = pointer(registers.tail);
        List<LogEntry> entries = new ArrayList<>();
        while (head != tail) {
            entries.add(take(base + head));
            head = head + RegisterDescriptor.RING_ENTRY_BYTES & bytes - 1;
        }
        if (!entries.isEmpty()) {
            port.note(CallNames.SOFTWARE_READ, SystemBus.NO_REQUESTER, 0, 0, (long) ENTRY_WORDS * entries.size());
            port.writeRegister(registers.head, Long.BYTES, head);
        }
        if ((status & registers.overflow) != 0) {
            restart();
        }
        return entries;
    }

    /** The entry is cleared behind, as Linux does, so that it is never taken for a new one. */
    private LogEntry take(long address) {
        LogEntry entry = new LogEntry(port.load(address), port.load(address + Long.BYTES));
        port.store(registers.role, address, 0, 0);
        return entry;
    }

    private int pointer(int register) {
        return (int) port.readRegister(register, Long.BYTES) & bytes - 1 & -RegisterDescriptor.RING_ENTRY_BYTES;
    }

    /** Off, overflow cleared, on. */
    private void restart() {
        overflows++;
        control.clear(registers.enable);
        port.writeRegister(RegisterDescriptor.STATUS, Long.BYTES, registers.overflow);
        control.set(registers.enable);
    }

    long overflows() {
        return overflows;
    }

    long base() {
        return base;
    }
}
