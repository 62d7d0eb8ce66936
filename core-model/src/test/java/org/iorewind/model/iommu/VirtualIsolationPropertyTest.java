package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.TABLES;
import static org.iorewind.model.iommu.GuestTables.MAPPED;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A hostile guest next to a well-behaved one and the host (amd-viommu reference 14.3, invariant 4): whatever it writes into
 * its memory, its registers and what the hypervisor forwards of them, and whatever its device does, the other guest's cache
 * entries, logs, memory and registers stay as they are, the host's ring goes on, and nothing throws.
 *
 * <p>All tries together take {@code -Diorewind.isolation.steps} steps.
 */
class VirtualIsolationPropertyTest {
    private static final int TRIES = 10;
    private static final int STEPS = Integer.getInteger("iorewind.isolation.steps", 20_000) / TRIES;
    private static final int STEPS_PER_CHECK = 250;
    private static final int HOSTILE = 5;
    private static final int GOOD = 6;
    private static final int HOSTILE_DEVICE = 0x30;
    private static final int GOOD_DEVICE = 0x31;
    private static final int HOST_DEVICE = 0x32;
    private static final int HOSTILE_DOMAIN = 0x60;
    private static final int GOOD_DOMAIN = 0x61;
    private static final int HOST_DOMAIN = 0x62;
    private static final int PASID = 5;
    private static final int[] FORWARDED = {0x18, 0x20, 0x28, 0x30, 0x38};
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;

    private GuestBench bench;
    private Machine machine;
    private SplittableRandom random;
    private long completions;

    @Property(tries = TRIES)
    void aHostileGuestTouchesNobodyElse(@ForAll long seed, @ForAll boolean isBufferGuestPhysical) {
        begin(seed, isBufferGuestPhysical);
        long[] registers = registersOfTheGood();
        long memory = memoryOfOthers();
        for (int step = 1; step <= STEPS; step++) {
            warmUp();
            act();
            expectUntouched(step, registers);
            if (step % STEPS_PER_CHECK == 0) {
                assertThat(memoryOfOthers())
                        .as("memory after step %d of seed %d", step, seed)
                        .isEqualTo(memory);
            }
        }
        bench.mapDomain(GOOD, 9, GOOD_DOMAIN);
        bench.command(GOOD, 3L << 60 | 9L << 32 | PASID, EVERYTHING | 4);
        bench.command(GOOD, 1L << 60 | GuestBench.MEMORY | 1, 4711);
        assertThat(machine.memory.peek(GuestBench.base(GOOD) + GuestBench.MEMORY))
                .isEqualTo(4711);
        assertThat(dma(GOOD_DEVICE, PASID).hit()).isFalse();
    }

    private void begin(long seed, boolean isBufferGuestPhysical) {
        random = new SplittableRandom(seed);
        bench = new GuestBench(
                GuestBench.options()
                        .deviceAnswers(DeviceAnswers.AS_INPUT)
                        .prefetch(true)
                        .tlb(64, 32)
                        .build(),
                isBufferGuestPhysical);
        machine = bench.machine;
        completions = 0;
        for (int guest : new int[] {HOSTILE, GOOD}) {
            bench.add(guest);
            int device = guest == HOSTILE ? HOSTILE_DEVICE : GOOD_DEVICE;
            int domain = guest == HOSTILE ? HOSTILE_DOMAIN : GOOD_DOMAIN;
            bench.nest(guest, device, domain, PASID, (long) guest << 32 | (long) device << 16 | 1 << 15);
            bench.mapDevice(guest, 0x10, device);
            for (int mapped = 0; mapped < 4; mapped++) {
                bench.mapDomain(guest, mapped, domain);
            }
        }
        machine.memory.writeLong(Machine.ROOT, Machine.TABLE_2 | 2 << 9 | Machine.READ_WRITE | 1);
        machine.memory.writeLong(Machine.TABLE_2, Machine.TABLE_1 | 1 << 9 | Machine.READ_WRITE | 1);
        machine.map(0, Machine.PAGE_A | Machine.READ_WRITE | 1);
        machine.deviceEntry(HOST_DEVICE, 3L << 9 | Machine.ROOT | Machine.READ_WRITE | 3, HOST_DOMAIN, 0, 0);
        warmUp();
    }

    private void warmUp() {
        dma(GOOD_DEVICE, PASID);
        dma(HOST_DEVICE, EffectSink.NO_PASID);
        machine.told.clear();
        machine.translations.clear();
        machine.guestEvents.clear();
        machine.events.clear();
        machine.answers.clear();
        machine.ownMessages.clear();
    }

    private Machine.Translation dma(int device, int pasid) {
        machine.iommu.dma(device, pasid, pasid == PASID ? MAPPED : 0, 4, AccessKind.READ);
        return machine.translations.get(machine.translations.size() - 1);
    }

    private void expectUntouched(int step, long[] registers) {
        assertThat(machine.guestEvents).as("step %d", step).allMatch(entry -> entry.guest() == HOSTILE);
        machine.told.clear();
        assertThat(dma(GOOD_DEVICE, PASID).hit()).as("step %d", step).isTrue();
        assertThat(dma(HOST_DEVICE, EffectSink.NO_PASID).hit())
                .as("step %d", step)
                .isTrue();
        assertThat(machine.told).as("step %d", step).noneMatch(line -> line.endsWith("from memory"));
        assertThat(registersOfTheGood()).as("step %d", step).isEqualTo(registers);
        completions++;
        machine.command(1L << 60 | Machine.STORE | 1, completions);
        assertThat(machine.memory.peek(Machine.STORE)).as("step %d", step).isEqualTo(completions);
    }

    private long[] registersOfTheGood() {
        long[] values = new long[0x98 / 8 + 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < 8 ? bench.control(GOOD, i * 8) : bench.page(GOOD, (i - 8) * 8);
        }
        return values;
    }

    /** A checksum of the good guest's memory and maps, of the device table and of the host's tables. */
    private long memoryOfOthers() {
        long[] sums = {
            sum(GuestBench.base(GOOD), GuestBench.PAGES * 0x1000L),
            sum(GuestBench.deviceMap(GOOD), 0x1000),
            sum(GuestBench.domainMap(GOOD), 0x1000),
            sum(GuestBench.deviceMap(HOSTILE), 0x1000),
            sum(GuestBench.domainMap(HOSTILE), 0x1000),
            sum(Machine.DEVICE_TABLE, 0x2000),
            sum(Machine.ROOT, 0x3000),
            sum(0x1000_0000L, 0x8_0000)
        };
        return Arrays.hashCode(sums);
    }

    private long sum(long first, long bytes) {
        long sum = 0;
        for (long at = first; at < first + bytes; at += 8) {
            sum = sum * 31 + machine.memory.peek(at);
        }
        return sum;
    }

    private void act() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    bench.put(HOSTILE, quadword0(), quadword1());
                }
                bench.ring(HOSTILE);
            }
            case 4 -> bench.page(HOSTILE, random.nextInt(0x14) * 8, random.nextLong());
            case 5 ->
                machine.iommu.write(
                        RegisterSpace.VF,
                        HOSTILE * 4096 + random.nextInt(4096),
                        1 << random.nextInt(5),
                        random.nextLong());
            case 6 -> bench.control(HOSTILE, FORWARDED[random.nextInt(FORWARDED.length)], control());
            case 7 ->
                machine.memory.writeLong(
                        GuestBench.base(HOSTILE) + random.nextInt(GuestBench.PAGES * 512) * 8L, tableEntry());
            case 8 ->
                machine.iommu.dma(
                        HOSTILE_DEVICE, random.nextInt(7) - 1, address(), 4, AccessKind.values()[random.nextInt(4)]);
            case 9 ->
                machine.iommu.pageRequest(
                        HOSTILE_DEVICE,
                        random.nextInt(7) - 1,
                        random.nextLong(),
                        random.nextInt(16),
                        random.nextInt(512),
                        random.nextBoolean());
            case 10 -> machine.iommu.invalidationResponse(HOSTILE_DEVICE, random.nextInt());
            default -> restart();
        }
    }

    /** The hypervisor restarts the guest's ring and logs. */
    private void restart() {
        if (random.nextBoolean()) {
            machine.command(0xAL << 60 | (random.nextLong() & 0xFL << 28) | HOSTILE, 0);
        }
        bench.rewind(HOSTILE);
        bench.control(HOSTILE, 0x10, (long) GuestBench.translateDevice(HOSTILE) << 16);
        bench.control(HOSTILE, 0x20, 0);
        bench.control(HOSTILE, 0x20, bench.base20() | GuestBench.ENABLE | GuestBench.INTERRUPT | 8);
        bench.control(HOSTILE, 0x28, 0);
        bench.control(HOSTILE, 0x28, bench.base28() | GuestBench.ENABLE | GuestBench.INTERRUPT | 0x88);
        bench.control(HOSTILE, 0x30, 0);
        bench.control(HOSTILE, 0x30, bench.base30() | GuestBench.ENABLE | GuestBench.INTERRUPT | 1 << 10 | 0x88);
        bench.page(HOSTILE, 0x10, 0);
        bench.page(HOSTILE, 0x30, 0);
    }

    private long quadword0() {
        if (random.nextInt(8) == 0) {
            return random.nextLong();
        }
        long opcode = random.nextInt(12);
        long id = switch (random.nextInt(4)) {
            case 0 -> 0x10;
            case 1 -> random.nextInt(0x80);
            case 2 -> GOOD_DEVICE;
            default -> random.nextInt(0x1_0000);
        };
        if (opcode == 1) {
            return opcode << 60 | random.nextInt(GuestBench.PAGES * 0x1000 * 2) & -8 | random.nextInt(8);
        }
        if (opcode == 3) {
            long domain = random.nextBoolean() ? random.nextInt(6) : GOOD_DOMAIN;
            return opcode << 60 | domain << 32 | random.nextInt(8);
        }
        return opcode << 60 | (random.nextInt(3) == 0 ? (long) random.nextInt(256) << 24 : 0) | (opcode == 8 ? 0 : id);
    }

    private long quadword1() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> EVERYTHING | random.nextInt(8);
            case 2 -> MAPPED & -0x1000 | random.nextInt(8);
            default -> random.nextLong();
        };
    }

    private long control() {
        long low = random.nextInt(0x1_0000);
        return random.nextInt(3) == 0 ? random.nextLong() : (long) random.nextInt(GuestBench.PAGES + 8) << 12 | low;
    }

    private long address() {
        return random.nextInt(4) == 0 ? random.nextLong() : MAPPED + random.nextInt(4) * 0x1000L;
    }

    /** An entry of a table that leads somewhere in the guest's memory, or beyond it. */
    private long tableEntry() {
        long page = random.nextInt(3) == 0 ? random.nextLong() : TABLES + random.nextInt(12) * 0x1000L;
        return page & 0x000F_FFFF_FFFF_F000L | (random.nextInt(3) == 0 ? random.nextInt(4096) : 0x27);
    }
}
