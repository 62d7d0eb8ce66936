package org.iorewind.model.platform.vmm.acpi;

import static org.iorewind.model.platform.vmm.acpi.IvrsFindings.hex;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Says what is wrong with the blocks for memory of an IVRS. Not thread-safe. */
final class IvrsMemoryCheck {
    private static final long PAGE_BYTES = 0x1000;
    private static final long ADDRESSES = 1L << 52;
    private static final int PURPOSES = IvrsDescriptor.MEMORY_UNITY | IvrsDescriptor.MEMORY_EXCLUSION;
    /** Pairs are compared among the first blocks only; no firmware has nearly as many. */
    private static final int COMPARED = 512;

    private final List<IvrsMemory> blocks;
    private final Map<Integer, BitSet> covered;
    private final IvrsFindings findings;

    IvrsMemoryCheck(List<IvrsMemory> blocks, Map<Integer, BitSet> covered, IvrsFindings findings) {
        this.blocks = blocks;
        this.covered = covered;
        this.findings = findings;
    }

    void check() {
        for (int i = 0; i < blocks.size(); i++) {
            check(blocks.get(i), "memory block " + i);
        }
        for (int i = 0; i < Math.min(blocks.size(), COMPARED); i++) {
            for (int j = 0; j < i; j++) {
                if (isConflict(blocks.get(j), blocks.get(i))) {
                    findings.add(
                            IvrsProblem.MEMORY_CONFLICT,
                            "memory block " + i,
                            "flags " + hex(blocks.get(j).flags()) + " as in block " + j,
                            hex(blocks.get(i).flags()));
                }
            }
        }
    }

    private void check(IvrsMemory block, String where) {
        if (block.length() == 0) {
            findings.add(IvrsProblem.MEMORY_EMPTY, where, "a length above 0", "0");
        } else if (!isWithinAddresses(block)) {
            String found = hex(block.length()) + " from " + hex(block.start());
            findings.add(IvrsProblem.MEMORY_BEYOND_ADDRESSES, where, "an end up to " + hex(ADDRESSES), found);
        } else if ((block.start() | block.length()) % PAGE_BYTES != 0) {
            String found = hex(block.length()) + " from " + hex(block.start());
            findings.add(IvrsProblem.MEMORY_MISALIGNED, where, "whole pages", found);
        }
        if ((block.flags() & PURPOSES) == 0) {
            findings.add(IvrsProblem.MEMORY_WITHOUT_PURPOSE, where, "flag 0 or 3", hex(block.flags()));
        }
        checkDevices(block, where);
    }

    private void checkDevices(IvrsMemory block, String where) {
        if (block.type() == IvrsDescriptor.MEMORY_ALL) {
            return;
        }
        if (first(block) > last(block)) {
            findings.add(
                    IvrsProblem.MEMORY_RANGE_REVERSED,
                    where,
                    "a last DeviceID from " + hex(first(block)),
                    hex(last(block)));
            return;
        }
        BitSet ids = covered.getOrDefault(block.segment(), new BitSet());
        boolean isCovered = block.type() == IvrsDescriptor.MEMORY_ONE
                ? ids.get(first(block))
                : ids.nextSetBit(first(block)) >= 0 && ids.nextSetBit(first(block)) <= last(block);
        if (!isCovered) {
            findings.add(
                    IvrsProblem.MEMORY_DEVICE_NOT_COVERED,
                    where,
                    "a unit that lists a device of it",
                    hex(first(block)));
        }
    }

    private static boolean isWithinAddresses(IvrsMemory block) {
        return block.start() >= 0
                && block.start() < ADDRESSES
                && block.length() > 0
                && block.length() <= ADDRESSES - block.start();
    }

    private static boolean isConflict(IvrsMemory a, IvrsMemory b) {
        return a.flags() != b.flags()
                && a.segment() == b.segment()
                && first(a) <= last(b)
                && first(b) <= last(a)
                && isWithinAddresses(a)
                && isWithinAddresses(b)
                && a.start() < b.start() + b.length()
                && b.start() < a.start() + a.length();
    }

    private static int first(IvrsMemory block) {
        return block.type() == IvrsDescriptor.MEMORY_ALL ? 0 : block.deviceId();
    }

    private static int last(IvrsMemory block) {
        return switch (block.type()) {
            case IvrsDescriptor.MEMORY_ALL -> 0xFFFF;
            case IvrsDescriptor.MEMORY_ONE -> block.deviceId();
            default -> block.lastDeviceId();
        };
    }
}
