package org.iorewind.record.debugfs;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a dump holds, before it is known where in memory it lies. Bounded. The last word on a thing counts. */
final class DumpedState {
    /** Most IOMMUs: their numbers are 8 bits wide in a trace. */
    static final int MOST_IOMMUS = 255;

    private static final int MOST_ENTRIES = 1 << 20;

    /** One IOMMU. */
    static final class Unit {
        final SortedMap<Long, Long> registers = new TreeMap<>();
        final SortedMap<Long, Long> capability = new TreeMap<>();
        final SortedMap<Integer, int[]> commands = new TreeMap<>();
        /** Places in the command ring, in entries; -1 if not told. */
        int head = -1;

        int tail = -1;

        @Nullable
        Long register(long offset) {
            return registers.get(offset);
        }
    }

    /**
     * A device, with its PCI segment.
     *
     * @param segment PCI segment
     * @param requester DeviceID
     */
    record Device(int segment, int requester) implements Comparable<Device> {
        @Override
        public int compareTo(Device other) {
            int bySegment = Integer.compare(segment, other.segment);
            return bySegment != 0 ? bySegment : Integer.compare(requester, other.requester);
        }
    }

    /** A device table entry: its IOMMU and its quadwords, low first. */
    record DeviceEntry(int iommu, long[] words) {}

    /** An interrupt table entry: 4 or 16 bytes. */
    record InterruptEntry(int index, int bytes, long low, long high) {}

    final SortedMap<Integer, Unit> units = new TreeMap<>();
    final SortedMap<Device, DeviceEntry> devices = new TreeMap<>();
    final SortedMap<Device, List<InterruptEntry>> interrupts = new TreeMap<>();
    private int entries;

    /** Whether there is room for one more; counts it. */
    boolean takeEntry() {
        return entries++ < MOST_ENTRIES;
    }

    Unit unit(int number) {
        return units.computeIfAbsent(number, unused -> new Unit());
    }

    void interrupt(Device device, InterruptEntry entry) {
        interrupts.computeIfAbsent(device, unused -> new ArrayList<>()).add(entry);
    }

    boolean isEmpty() {
        return units.isEmpty() && devices.isEmpty() && interrupts.isEmpty();
    }
}
