package org.iorewind.model.iommu.counter;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.PerformanceEvent;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.register.FeatureDescriptor;

/**
 * The counters and their registers (reference 1.12), present with EFR[PCSup]. A counter counts as soon as CSOURCE names an
 * event. Not thread-safe; allocates nothing after construction.
 */
public final class PerformanceCounters implements Stateful {
    private static final long ALL_LANES = -1;

    private final IommuOptions options;
    private final EventReports events;
    private final boolean exist;
    private final long[] registers;
    private long pasidLocks;
    private long domainLocks;
    private long deviceLocks;
    /** One bit for each event that some counter counts; follows from the registers. */
    private long wanted;

    /** Binds the parts. */
    public PerformanceCounters(IommuOptions options, EventReports events) {
        this.options = options;
        this.events = events;
        long present = options.quirks().registers().present(options.extendedFeatures());
        this.exist = (present & FeatureDescriptor.PERFORMANCE_COUNTERS) != 0;
        int counters = exist ? options.counterBanks() * options.countersPerBank() : 0;
        this.registers = new long[counters * CounterDescriptor.FUNCTIONS];
    }

    /** Whether this IOMMU has counters at all. */
    public boolean exist() {
        return exist;
    }

    /** Whether the offset lies in the part of the window that counters add. */
    public boolean covers(int offset) {
        return exist && offset >= CounterDescriptor.CONFIGURATION && offset < CounterDescriptor.WINDOW_BYTES;
    }

    /** Clears everything. */
    public void reset() {
        Arrays.fill(registers, 0);
        pasidLocks = 0;
        domainLocks = 0;
        deviceLocks = 0;
        wanted = 0;
    }

    /** The register at an offset that {@link #covers} takes; 0 where there is none. */
    public long read(int offset) {
        int register = offset & -Long.BYTES;
        return switch (register) {
            case CounterDescriptor.CONFIGURATION ->
                CounterDescriptor.configuration(options.counterBanks(), options.countersPerBank());
            case CounterDescriptor.PASID_LOCK -> pasidLocks;
            case CounterDescriptor.DOMAIN_LOCK -> domainLocks;
            case CounterDescriptor.DEVICE_LOCK -> deviceLocks;
            default -> {
                int index = indexOf(register);
                yield index < 0 ? 0 : registers[index];
            }
        };
    }

    /**
     * Writes a register. A bank whose lock bit is set keeps its match registers of that kind (MC-94).
     *
     * @param offset that {@link #covers} takes
     * @param value in the lanes of a 64-bit register
     * @param lanes which bits are written
     */
    public void write(int offset, long value, long lanes) {
        int register = offset & -Long.BYTES;
        long everyBank = -1L >>> Long.SIZE - options.counterBanks();
        switch (register) {
            case CounterDescriptor.PASID_LOCK -> pasidLocks = merge(pasidLocks, value, lanes & everyBank);
            case CounterDescriptor.DOMAIN_LOCK -> domainLocks = merge(domainLocks, value, lanes & everyBank);
            case CounterDescriptor.DEVICE_LOCK -> deviceLocks = merge(deviceLocks, value, lanes & everyBank);
            default -> writeCounter(register, value, lanes);
        }
    }

    /**
     * Sets a register as it was found in a running system, whose locks may be set already.
     *
     * @param offset that {@link #covers} takes
     * @param value of the 64-bit register
     */
    public void force(int offset, long value) {
        int register = offset & -Long.BYTES;
        int index = indexOf(register);
        if (index < 0) {
            write(register, value, ALL_LANES);
        } else {
            store(index, CounterDescriptor.function(register), value, ALL_LANES);
        }
    }

    private void writeCounter(int register, long value, long lanes) {
        int index = indexOf(register);
        int function = CounterDescriptor.function(register);
        if (index >= 0 && (locks(function) >>> CounterDescriptor.bank(register) & 1) == 0) {
            store(index, function, value, lanes);
        }
    }

    private void store(int index, int function, long value, long lanes) {
        registers[index] = merge(registers[index], value, lanes & CounterDescriptor.writable(function));
        findWanted();
    }

    private long locks(int function) {
        return switch (function) {
            case CounterDescriptor.FUNCTION_PASID -> pasidLocks;
            case CounterDescriptor.FUNCTION_DOMAIN -> domainLocks;
            case CounterDescriptor.FUNCTION_DEVICE -> deviceLocks;
            default -> 0;
        };
    }

    private void findWanted() {
        wanted = 0;
        for (int i = 0; i < registers.length; i += CounterDescriptor.FUNCTIONS) {
            int source = sourceOf(i);
            wanted |= source < Long.SIZE ? 1L << source : 0;
        }
    }

    /** Index of a counter's register, -1 where there is none. */
    private int indexOf(int register) {
        if (register < CounterDescriptor.BANKS) {
            return -1;
        }
        int bank = CounterDescriptor.bank(register);
        int counter = CounterDescriptor.counter(register);
        int function = CounterDescriptor.function(register);
        boolean isThere = bank < options.counterBanks()
                && counter < options.countersPerBank()
                && function < CounterDescriptor.FUNCTIONS;
        return isThere ? (bank * options.countersPerBank() + counter) * CounterDescriptor.FUNCTIONS + function : -1;
    }

    /**
     * Counts.
     *
     * @param event what happened
     * @param times how often, from 0
     * @param device DeviceID, negative when it has none
     * @param domain DomainID, negative when it has none
     * @param pasid PASID, negative when it has none
     */
    public void count(PerformanceEvent event, int times, int device, int domain, int pasid) {
        if ((wanted >>> event.code() & 1) == 0 || times == 0) {
            return;
        }
        for (int i = 0; i < registers.length; i += CounterDescriptor.FUNCTIONS) {
            if (sourceOf(i) == event.code()
                    && CounterDescriptor.matches(registers[i + CounterDescriptor.FUNCTION_PASID], pasid)
                    && CounterDescriptor.matches(registers[i + CounterDescriptor.FUNCTION_DOMAIN], domain)
                    && CounterDescriptor.matches(registers[i + CounterDescriptor.FUNCTION_DEVICE], device)) {
                add(i, times);
            }
        }
    }

    /** A counter of 48 bits that wraps is reported if its report register says so. */
    private void add(int index, int times) {
        long sum = registers[index] + times;
        registers[index] = sum & CounterDescriptor.COUNTER_MASK;
        long report = registers[index + CounterDescriptor.FUNCTION_REPORT];
        if (sum > CounterDescriptor.COUNTER_MASK && (report & CounterDescriptor.REPORT_EN) != 0) {
            events.counterZero(report & CounterDescriptor.NOTE_MASK);
        }
    }

    private int sourceOf(int index) {
        return (int) (registers[index + CounterDescriptor.FUNCTION_SOURCE] & CounterDescriptor.SOURCE_MASK);
    }

    private static long merge(long old, long value, long mask) {
        return old & ~mask | value & mask;
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int i = 0; i < registers.length; i++) {
            sink.addLong(registers[i]);
        }
        if (exist) {
            sink.addLong(pasidLocks);
            sink.addLong(domainLocks);
            sink.addLong(deviceLocks);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        for (int i = 0; i < registers.length; i++) {
            registers[i] = source.next();
        }
        if (exist) {
            pasidLocks = source.next();
            domainLocks = source.next();
            deviceLocks = source.next();
            findWanted();
        }
    }
}
