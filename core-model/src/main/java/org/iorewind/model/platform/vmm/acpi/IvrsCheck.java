package org.iorewind.model.platform.vmm.acpi;

import static org.iorewind.model.platform.vmm.acpi.IvrsFindings.hex;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says what is wrong with an IVRS: its form, then what it says. It takes the place of software that relies on the table, and
 * judges the blocks that such software goes by; the work is bounded by the size of the table. Stateless.
 */
public final class IvrsCheck {
    private static final long MMIO_BYTES = 0x4000;
    private static final int SEGMENT_SHIFT = 16;

    private final IvrsTable table;
    private final List<IvrsUnit> used;
    private final IvrsFindings findings = new IvrsFindings();
    /** What is behind the units of each segment. */
    private final Map<Integer, BitSet> covered = new TreeMap<>();

    private IvrsCheck(IvrsTable table) {
        this.table = table;
        this.used = table.usedUnits();
    }

    /**
     * Checks the bytes of a table.
     *
     * @param bytes anything
     * @param deviceIds DeviceIDs of segment 0 that are there and ought to be behind a unit; none if nothing is known of them
     */
    public static List<IvrsFinding> check(byte[] bytes, int... deviceIds) {
        IvrsReader.Reading reading = IvrsReader.read(bytes);
        List<IvrsFinding> all = new ArrayList<>(reading.findings());
        all.addAll(check(reading.table(), deviceIds));
        return all;
    }

    /** Checks what a table says. */
    public static List<IvrsFinding> check(IvrsTable table, int... deviceIds) {
        IvrsCheck check = new IvrsCheck(table);
        if (table.units().isEmpty()) {
            check.findings.add(IvrsProblem.NO_UNIT, "table", "a block 10h, 11h or 40h", "none");
            return check.findings.all();
        }
        check.checkBlocks();
        check.checkUsedUnits();
        check.checkCoverage(deviceIds);
        check.checkInterrupts();
        new IvrsMemoryCheck(table.memory(), check.covered, check.findings).check();
        return check.findings.all();
    }

    /** Compares the feature images of a unit with what its registers read. */
    public static List<IvrsFinding> checkFeatures(IvrsTable table, int deviceId, long efr, long efr2) {
        IvrsFindings findings = new IvrsFindings();
        for (IvrsUnit unit : table.units()) {
            boolean hasImages = unit.type() != IvrsDescriptor.UNIT_10;
            if (unit.deviceId() == deviceId && hasImages && (unit.efr() != efr || unit.efr2() != efr2)) {
                String found = hex(unit.efr()) + ", " + hex(unit.efr2());
                findings.add(IvrsProblem.FEATURES_DIFFER, name(unit), hex(efr) + ", " + hex(efr2), found);
            }
        }
        return findings.all();
    }

    private static String name(IvrsUnit unit) {
        return "unit " + hex((long) unit.segment() << SEGMENT_SHIFT | unit.deviceId()) + " of block "
                + hex(unit.type());
    }

    private void checkBlocks() {
        Map<Long, IvrsUnit> first = new TreeMap<>();
        Map<Long, IvrsUnit> firstOfType = new TreeMap<>();
        boolean hasImages = (table.info() & IvrsDescriptor.INFO_EFR) != 0;
        for (IvrsUnit unit : table.units()) {
            if (unit.type() == IvrsDescriptor.UNIT_40 && table.revision() == IvrsDescriptor.FIXED) {
                findings.add(IvrsProblem.MIXED_BLOCK_IN_FIXED_TABLE, name(unit), "revision 2", "revision 1");
            }
            if (!hasImages && (unit.efr() | unit.efr2()) != 0) {
                findings.add(IvrsProblem.FEATURES_NOT_ANNOUNCED, name(unit), "EFRSup of IVinfo", hex(table.info()));
            }
            long key = key(unit);
            if (firstOfType.putIfAbsent(key << Byte.SIZE | unit.type(), unit) != null) {
                findings.add(IvrsProblem.UNIT_TWICE, name(unit), "one block of each type", "two");
            }
            IvrsUnit other = first.putIfAbsent(key, unit);
            if (other != null) {
                checkSame(other, unit);
            }
        }
        checkUsedType(first);
    }

    private void checkSame(IvrsUnit first, IvrsUnit unit) {
        if (first.mmioBase() != unit.mmioBase()) {
            findings.add(
                    IvrsProblem.UNIT_DIFFERS,
                    name(unit),
                    "registers at " + hex(first.mmioBase()),
                    hex(unit.mmioBase()));
        }
        if (first.type() != IvrsDescriptor.UNIT_10 && first.efr() != unit.efr()) {
            findings.add(IvrsProblem.UNIT_DIFFERS, name(unit), "EFR " + hex(first.efr()), hex(unit.efr()));
        }
    }

    private static long key(IvrsUnit unit) {
        return (long) unit.segment() << 2 * SEGMENT_SHIFT | (long) unit.deviceId() << SEGMENT_SHIFT | unit.capability();
    }

    private void checkUsedType(Map<Long, IvrsUnit> first) {
        Map<Long, IvrsUnit> lacking = new TreeMap<>(first);
        used.forEach(unit -> lacking.remove(key(unit)));
        for (IvrsUnit unit : lacking.values()) {
            findings.add(IvrsProblem.UNIT_LACKS_TYPE, name(unit), "a block " + hex(table.usedType()), "none");
        }
    }

    private void checkUsedUnits() {
        TreeMap<Long, IvrsUnit> bases = new TreeMap<>(Long::compareUnsigned);
        for (IvrsUnit unit : used) {
            long base = unit.mmioBase();
            if (base == 0 || base % MMIO_BYTES != 0 || bases.putIfAbsent(base, unit) != null) {
                findings.add(IvrsProblem.MMIO_BASE, name(unit), "16 KiB of its own", hex(base));
            }
            for (IvrsEntry entry : unit.entries()) {
                if (entry.type() == IvrsDescriptor.ACPI_DEVICE && unit.type() != IvrsDescriptor.UNIT_40) {
                    findings.add(IvrsProblem.ACPI_DEVICE_NOT_ALLOWED, name(unit), "a block 0x40", "entry 0xf0");
                }
            }
            BitSet ids = DeviceSets.of(unit, name(unit), findings);
            BitSet others = covered.computeIfAbsent(unit.segment(), segment -> new BitSet());
            BitSet shared = (BitSet) others.clone();
            shared.and(ids);
            if (!shared.isEmpty()) {
                String found = shared.cardinality() + " of another unit, the first " + hex(shared.nextSetBit(0));
                findings.add(IvrsProblem.DEVICES_OVERLAP, name(unit), "DeviceIDs of its own", found);
            }
            others.or(ids);
        }
    }

    private void checkCoverage(int... deviceIds) {
        BitSet ids = covered.getOrDefault(0, new BitSet());
        for (int id : deviceIds) {
            boolean isUnit = used.stream().anyMatch(unit -> unit.deviceId() == id);
            if (!isUnit && !ids.get(id)) {
                findings.add(IvrsProblem.DEVICE_NOT_COVERED, "DeviceID " + hex(id), "a unit that lists it", "none");
            }
        }
    }

    private void checkInterrupts() {
        List<IvrsEntry> ioapics = used.stream()
                .flatMap(unit -> unit.entries().stream())
                .filter(IvrsEntry::isIoapic)
                .toList();
        if (ioapics.isEmpty()) {
            findings.add(IvrsProblem.NO_IOAPIC, "table", "an entry 0x48 of variety 1", "none");
        } else if (ioapics.stream().noneMatch(entry -> entry.otherId() == IvrsDescriptor.SOUTHBRIDGE)) {
            findings.add(
                    IvrsProblem.NO_SOUTHBRIDGE_IOAPIC,
                    "table",
                    "an IOAPIC with source " + hex(IvrsDescriptor.SOUTHBRIDGE),
                    "sources "
                            + ioapics.stream()
                                    .limit(8)
                                    .map(entry -> hex(entry.otherId()))
                                    .toList());
        }
    }
}
