package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.platform.PlainMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What amd-viommu reference says of ID maps, dirty status, and rings in the private address space. */
class MapScenariosTest {
    private static final long BASE_MASK = 0xF_FFFF_FFFF_F000L;
    private static final int OWN_DEVICE = 2;
    private static final int ENTRY_BYTES = 32;

    private final PlainMachine machine = new PlainMachine();

    @TempDir
    Path folder;

    private long deviceEntry(int device, int quadword) {
        long table = machine.iommu(0).read(RegisterSpace.HOST, 0, 8) & BASE_MASK;
        return machine.load(table + (long) device * ENTRY_BYTES + quadword * 8L);
    }

    /** Reference 2.2 and 14.1, and 2.3: leaf entries of 4 KiB; the own entry is V, TV, IR, IW. */
    @Test
    void eachGuestHasItsMapsAtItsOwnPrivateAddresses() {
        VirtualHost host = MapScenarios.privateSpace(machine);
        for (long address : List.of(
                0x10_0010_0000L,
                0x20_0008_0000L,
                0x10_0030_0000L,
                0x20_0018_0000L,
                0x11_2340_0000L,
                0x20_91A0_0000L,
                0x40_0680L)) {
            assertThat(host.viommu().privateAddress(address)).as("%x", address).isPositive();
            assertThat(levelOfLeaf(address)).as("%x", address).isEqualTo(1);
        }
        assertThat(host.viommu().privateAddress(0x10_0020_0000L))
                .as("nobody is GuestID 2")
                .isNegative();
        assertThat(deviceEntry(OWN_DEVICE, 0) & 0x6000_0000_0000_0003L).isEqualTo(0x6000_0000_0000_0003L);
    }

    /** Walks the v1 tables of the IOMMU's own entry (base reference 6.1): the level of the entry that ends the walk. */
    private int levelOfLeaf(long address) {
        long entry = deviceEntry(OWN_DEVICE, 0);
        int level = (int) (entry >>> 9) & 7;
        while (true) {
            long index = address >>> 12 + 9 * (level - 1) & 0x1FF;
            entry = machine.load((entry & BASE_MASK) + index * 8);
            assertThat(entry & 1).as("present at level %d", level).isOne();
            int next = (int) (entry >>> 9) & 7;
            if (next == 0) {
                return level;
            }
            level = next;
        }
    }

    /** Reference 14.2: the map control of g 0x0100 to h 0x4100 and the entry's qw3 for GuestID 3; MC2 and MC3. */
    @Test
    void aDeviceIsMappedByHardwareAndNamedInItsEntry() {
        Story story = Story.of("hw-device-map", folder);
        assertThat(story.values("kind == 'MmioWrite' && space == 'VF_CONTROL' && registerOffset == 0xC0", "value"))
                .contains(0x8040_0000_1040_0001L);
        assertThat(story.values("kind == 'MmioReadValue' && space == 'VF_CONTROL' && registerOffset == 0xC0", "value"))
                .as("bit 63 reads 0")
                .containsExactly(0x0040_0000_1040_0001L);
        VirtualHost host = MapScenarios.deviceMap(machine);
        assertThat(machine.load(host.viommu().privateAddress(0x10_0030_0000L + 0x100 * 16)))
                .as("valid, hDeviceID in [39:24]")
                .isEqualTo(0x41_0000_0001L);
        assertThat(deviceEntry(0x4100, 3)).isEqualTo(0x3_0100_8000L);
    }

    /** Reference 14.2 (the control for g 0x25, with another h), 4.3 rule 2 and 14.3 rule 1. */
    @Test
    void theSameDomainOfTwoGuestsIsTwoOfTheHost() {
        Story story = Story.of("hw-domain-map", folder);
        List<Long> writes = story.values(
                "kind == 'MmioWrite' && space == 'VF_CONTROL' && (registerOffset == 0x48 || registerOffset == 0x88)",
                "value");
        assertThat(writes).hasSize(2).allMatch(value -> (value & ~(0xFFFFL << 14)) == 0x8009_4000_0000_0001L);
        long first = writes.get(0) >>> 14 & 0xFFFF;
        long second = writes.get(1) >>> 14 & 0xFFFF;
        assertThat(first).isNotEqualTo(second);
        VirtualHost host = MapScenarios.domainMap(machine);
        assertThat(machine.load(host.viommu().privateAddress(0x20_0008_0000L + 0x25 * 8)))
                .isEqualTo(first << 24 | 1);
        assertThat(machine.load(host.viommu().privateAddress(0x20_0010_0000L + 0x25 * 8)))
                .isEqualTo(second << 24 | 1);
    }

    /** Reference 14.2 and MC1: GuestID 0x1234 has bit 18 at 0x400680; set while head and tail differ. */
    @Test
    void dirtyStatusTellsOfARingWithWork() {
        MapScenarios.Stopped stopped = MapScenarios.stopWithWork(machine);
        long quadword = stopped.host().viommu().privateAddress(0x40_0680L);
        assertThat(machine.load(quadword)).isEqualTo(1L << 18);
        MapScenarios.drain(stopped);
        assertThat(machine.load(quadword)).isZero();
        assertThat(
                        Story.of("hw-dirty-status", folder)
                                .values("kind == 'CommandConsumed' && guest == 0x1234", "qword0")
                                .stream()
                                .map(q -> q >>> 60)
                                .toList())
                .endsWith(9L, 8L, 8L);
    }

    /** Base reference 3.1, on a guest's ring: a command behind one that has stopped it waits for the repair. */
    @Test
    void aCommandForAGuestsStoppedRingIsFound() {
        Story story = Story.of("hw-dirty-status", folder);
        assertThat(story.findings())
                .filteredOn(finding -> finding.rule().id().equals("tail-while-stopped"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.count()).isOne();
                    assertThat(finding.summary()).contains("of guest 4660").contains("0x20");
                });
    }

    /** Reference 2.5: page i of the ring is at 0x2800000000 + gid*0x80000 + i*4096; 9.2: X=1, and S=2 in this mode. */
    @Test
    void aRingIsMappedPageByPageToPrivateAddresses() {
        Story story = Story.of("hw-command-buffer-map", folder);
        for (String phase : List.of("ring", "ring moved")) {
            CostRow cost = story.costs().workloads().get(phase);
            assertThat(cost.count(CostCounter.VM_EXITS)).as(phase).isOne();
            assertThat(cost.count(CostCounter.HOST_CALLS)).as(phase).isEqualTo(2);
        }
        assertThat(story.count("kind == 'CommandConsumed' && guest == 1")).isEqualTo(2);
        assertThat(story.count("kind == 'LogEntry'")).isZero();
        VirtualHost host = MapScenarios.commandBufferMap(machine);
        long ring = host.machine(1).systemBase() + MapScenarios.OTHER_RING;
        for (int page = 0; page < 2; page++) {
            assertThat(host.viommu().privateAddress(0x28_0008_0000L + page * 4096L))
                    .isEqualTo(ring + page * 4096L);
        }
        assertThat(host.viommu().privateAddress(0x28_0008_2000L))
                .as("beyond 512 entries")
                .isNegative();
    }

    /** MC15: GN=0 of a guest flushes all entries of its domain, not only the address. */
    @Test
    void aFlushWithoutGnFlushesTheWholeDomain() {
        Story story = Story.of("hw-guest-v1", folder);
        assertThat(story.values("kind == 'Translation'", "cache").subList(2, 6))
                .as("hit, hit; miss, miss")
                .containsExactly(cacheHit(story), cacheHit(story), cacheMiss(story), cacheMiss(story));
        assertThat(story.costs().workloads().get("cached").count(CostCounter.WALK_READS))
                .isZero();
    }

    private static long cacheHit(Story story) {
        return story.values("kind == 'Translation' && cache == 'HIT'", "cache").get(0);
    }

    private static long cacheMiss(Story story) {
        return story.values("kind == 'Translation' && cache == 'MISS'", "cache").get(0);
    }

    /** Row "host changes GPA map": Ch = 1 + (number of hDomIDs) + 1; 14.3 rule 5: nothing is reached afterwards. */
    @Test
    void aPageTakenFromAGuestIsFlushedForEachNestedDomain() {
        Story story = Story.of("hw-host-remap", folder);
        assertThat(story.costs().workloads().get("host remap").count(CostCounter.HOST_COMMANDS))
                .isEqualTo(1 + 3 + 1);
        assertThat(story.values("kind == 'Translation'", "outcome")).containsExactly(0L, 0L, 0L, 1L, 1L, 1L);
    }
}
