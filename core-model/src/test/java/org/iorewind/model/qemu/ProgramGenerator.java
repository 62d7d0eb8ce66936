package org.iorewind.model.qemu;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes programs of chance: a legal beginning with flaws, then steps of all kinds. The same seed gives the same program.
 * Not thread-safe.
 */
final class ProgramGenerator {
    private static final int MOST_STEPS = 50;
    private static final int LEAST_STEPS = 10;
    private static final int CONTROL = 0x18;
    private static final int DEVICE_TABLE_BASE = 0x00;
    private static final int COMMAND_BASE = 0x08;
    private static final int EVENT_BASE = 0x10;
    private static final int COMMAND_HEAD = 0x2000;
    private static final int COMMAND_TAIL = 0x2008;
    private static final int ENTRY_BYTES = 16;
    /** IommuEn, EventLogEn, EventIntEn, CmdBufEn. */
    private static final long ENABLED = 0x100D;

    private static final long[] CONTROLS = {
        ENABLED, ENABLED, ENABLED, ENABLED, 0x1005, 0x101D, 0x2_100D, 0x2_100D, 0, 0x1, 0xD, 0x1000, 0x4_0000_0000_100DL
    };
    private static final int[] OFFSETS = {
        0x00, 0x04, 0x08, 0x0C, 0x10, 0x18, 0x1C, 0x20, 0x28, 0x2C, 0x30, 0x34, 0x38, 0x40, 0x48, 0x50, 0x60, 0xE0,
        0xE8, 0x100, 0x138, 0x150, 0x170, 0x1A0, 0x200, 0x1FF8, 0x2000, 0x2004, 0x2008, 0x2010, 0x2018, 0x2020, 0x2024,
        0x2028, 0x2030, 0x2038, 0x2040, 0x2048, 0x2050, 0x2080, 0x3000, 0x3FF8
    };
    /** Registers that a program may write with anything: nothing runs away from it. */
    private static final int[] FREE_OFFSETS = {
        0x20, 0x28, 0x2C, 0x30, 0x34, 0x38, 0x3C, 0x40, 0x60, 0xE0, 0x100, 0x1A0, 0x2010, 0x2018, 0x2020, 0x2030,
        0x2038, 0x2040
    };

    private static final long[] WIDE_MASKS = {-1L, 0xFFFF_FFFFL, 0xFFFF, 0xFF};

    private final SplitMix64 random;
    private final TableGenerator tables;
    private final List<Step> steps = new ArrayList<>();
    private int ringCode = 8;
    private int tail;

    private ProgramGenerator(long seed) {
        random = new SplitMix64(seed);
        tables = new TableGenerator(random, steps);
    }

    /** The program of a seed. */
    static List<Step> program(long seed) {
        ProgramGenerator generator = new ProgramGenerator(seed);
        generator.begin();
        int count = LEAST_STEPS + generator.random.below(MOST_STEPS - LEAST_STEPS + 1);
        for (int i = 0; i < count; i++) {
            generator.addStep();
        }
        return List.copyOf(generator.steps);
    }

    private void begin() {
        write(DEVICE_TABLE_BASE, Layout.DEVICE_TABLE | 1);
        moveRing();
        moveLog();
        tables.deviceEntry();
        for (int i = 0; i < 4; i++) {
            tables.mapping();
        }
        for (int i = 0; i < 6; i++) {
            tables.interruptEntries();
        }
        write(CONTROL, random.anyOf(CONTROLS));
        command(2L << 60 | Layout.DEVICE, 0);
    }

    private void addStep() {
        int kind = random.below(100);
        if (kind < 30) {
            deviceAccess();
        } else if (kind < 42) {
            tables.mapping();
        } else if (kind < 50) {
            tables.flaw();
        } else if (kind < 57) {
            tables.deviceEntry();
            tables.mapping();
            if (!random.oneIn(3)) {
                command(2L << 60 | Layout.DEVICE, 0);
            }
        } else if (kind < 75) {
            anyCommand();
        } else if (kind < 82) {
            interrupt();
        } else if (kind < 88) {
            steps.add(new Step.Read(OFFSETS[random.below(OFFSETS.length)], 1 << random.below(4)));
        } else if (kind < 92) {
            int offset = FREE_OFFSETS[random.below(FREE_OFFSETS.length)];
            boolean isPointer = offset == 0x2010 || offset == 0x2018;
            long value = random.next() & (isPointer ? 0xFF0 : WIDE_MASKS[random.below(WIDE_MASKS.length)]);
            steps.add(new Step.Write(offset, 1 << random.below(4), value));
            steps.add(new Step.Read(offset & -Long.BYTES, Long.BYTES));
        } else if (kind < 95) {
            write(CONTROL, random.anyOf(CONTROLS));
            steps.add(new Step.Read(0x2020, Long.BYTES));
        } else {
            move();
        }
    }

    private void deviceAccess() {
        long address = tables.likelyAddress() + 4L * random.below(4);
        int length = 4 + 4 * random.below(4);
        if (random.oneIn(8)) {
            address |= 0xFF8;
        }
        steps.add(random.oneIn(2) ? new Step.DeviceRead(address, length) : new Step.DeviceWrite(address, length));
    }

    private void interrupt() {
        if (random.oneIn(3)) {
            tables.interruptEntries();
        }
        long address = 0xFEE0_0000L | (random.oneIn(3) ? random.next() & 0xF_FFFC : 0);
        int data = random.oneIn(4) ? random.below(1 << 16) : random.below(TableGenerator.INTERRUPTS);
        steps.add(new Step.Interrupt(address, data));
    }

    private void move() {
        switch (random.below(6)) {
            case 0 -> moveRing();
            case 1 -> moveLog();
            case 2 -> {
                int bytes = ENTRY_BYTES << ringCode;
                steps.add(new Step.Write(COMMAND_HEAD, Integer.BYTES, random.below(bytes) & -ENTRY_BYTES));
            }
            case 3 -> {
                tail = random.below(ENTRY_BYTES << Math.min(ringCode, 4)) & -ENTRY_BYTES;
                steps.add(new Step.Write(COMMAND_TAIL, Integer.BYTES, tail));
            }
            case 4 -> steps.add(new Step.Write(0x2010, Integer.BYTES, random.below(256) * ENTRY_BYTES));
            default -> write(DEVICE_TABLE_BASE, random.oneIn(4) ? Layout.HOLE : Layout.DEVICE_TABLE | random.below(4));
        }
        steps.add(new Step.Read(COMMAND_HEAD, Long.BYTES));
    }

    private void moveRing() {
        ringCode = random.oneIn(2) ? 8 : 1 + random.below(8);
        tail = 0;
        long base = random.oneIn(20) ? Layout.HOLE : Layout.RING;
        write(COMMAND_BASE, base | (long) ringCode << 56);
    }

    private void moveLog() {
        long base = random.oneIn(20) ? Layout.HOLE : Layout.LOG;
        write(EVENT_BASE, base | (long) (random.oneIn(2) ? 8 : 1 + random.below(4)) << 56);
    }

    private void write(int offset, long value) {
        steps.add(new Step.Write(offset, Long.BYTES, value));
    }

    private void anyCommand() {
        long address = tables.address() & -4096L;
        long domain = TableGenerator.DOMAINS[random.below(TableGenerator.DOMAINS.length)];
        long device = random.oneIn(4) ? 0x38 : Layout.DEVICE;
        long high = random.oneIn(2) ? address : 0x7FFF_FFFF_FFFF_F001L;
        switch (random.below(12)) {
            case 0, 1 -> completionWait();
            case 2 -> command(2L << 60 | Layout.DEVICE, 0);
            case 3, 4, 5 -> command(3L << 60 | domain << 32, high | random.below(8));
            case 6 -> command(4L << 60 | device, high | random.below(2));
            case 7 -> command(5L << 60 | device, 0);
            case 8 -> command(8L << 60, 0);
            case 9 -> command(6L << 60 | device, address);
            case 10 -> command(random.next() & 0x0FFF_FFFF_FFFF_FFFFL | wildOpcode() << 60, random.next());
            default -> command(wildOpcode() << 60 | device | 1L << random.below(52), 1L << random.below(64));
        }
    }

    /** Any but 1, whose wild store would go anywhere. */
    private long wildOpcode() {
        long opcode = random.below(15);
        return opcode == 1 ? 15 : opcode;
    }

    private void completionWait() {
        long address = random.oneIn(8) ? Layout.HOLE : Layout.STORE + 8L * random.below(64);
        long reserved = random.oneIn(8) ? 1L << 52 + random.below(8) : 0;
        command(1L << 60 | reserved | address | random.below(8), random.next());
    }

    private void command(long low, long high) {
        int offset = tail;
        tail = tail + ENTRY_BYTES & (ENTRY_BYTES << ringCode) - 1;
        steps.add(new Step.Command(offset, tail, low, high));
    }
}
