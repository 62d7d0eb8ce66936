package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.model.platform.vmm.topology.TopologyProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines of the talk's command lines (amd-viommu reference 10.1, 10.2): which IOMMU each device's requests meet. */
class TopologyScenariosTest {
    private static final long GUEST_BASE = 4L << 30;
    private static final long GUEST_END = GUEST_BASE + (64L << 20);
    private static final String EXITS = "kind == 'VmExit'";
    private static final String TRANSLATED = "kind == 'Translation' && outcome == 'TRANSLATED'";

    @TempDir
    Path folder;

    private static void reachesTheGuest(Story story, int devices) {
        assertThat(story.reachedByDevices())
                .hasSize(devices)
                .doesNotHaveDuplicates()
                .allMatch(address -> address >= GUEST_BASE && address < GUEST_END);
    }

    /** 10.1: the adapter that the machine adds is 00:02.0; 10.2: the window of the first instance is at FED80000h. */
    @Test
    void theSoftwareInstanceIsInFrontOfAllDevices() {
        Story story = Story.of("topology-sw", folder);
        assertThat(story.values(TRANSLATED + " && iommu == 1", "requester")).containsExactly(0x10L);
        assertThat(story.values(TRANSLATED + " && iommu == 0", "requester")).containsExactly(0x4100L);
        assertThat(story.values(EXITS, "address"))
                .isNotEmpty()
                .allMatch(address -> address >= 0xFED8_0000L && address < 0xFED8_4000L);
        reachesTheGuest(story, 2);
    }

    /** 10.1: viommu0 is behind 00:00.2 with 01:00.0 and 02:00.0, viommu1 behind 40:00.2 with 42:00.0; 10.2: 4000h apart. */
    @Test
    void eachHardwareInstanceHasItsOwnDevicesBehindItsOwnIommu() {
        Story story = Story.of("topology-hw", folder);
        assertThat(story.values(TRANSLATED + " && iommu == 0", "requester")).containsExactly(0x0100L, 0x0200L);
        assertThat(story.values(TRANSLATED + " && iommu == 1", "requester")).containsExactly(0x4200L);
        assertThat(story.values("kind == 'IommuStart'", "memoryBytes"))
                .as("both are physical")
                .allMatch(bytes -> bytes == 0);
        List<Long> exits = story.values(EXITS + " && reason == 'MMIO'", "address");
        assertThat(exits).anyMatch(address -> address >= 0xFED8_0000L && address < 0xFED8_4000L);
        assertThat(exits).anyMatch(address -> address >= 0xFED8_4000L && address < 0xFED8_8000L);
        assertThat(exits).allMatch(address -> address >= 0xFED8_0000L && address < 0xFED8_8000L);
        reachesTheGuest(story, 3);
    }

    /** Talk, "HW-vIOMMU": only passthrough devices; "Hybrid System Model": emulated ones behind an amd-iommu beside it. */
    @Test
    void anEmulatedDeviceIsRefusedByNameAndWorksBehindASoftwareInstance() {
        Story story = Story.of("hw-emulated-refused", folder);
        assertThat(story.costs().workloads())
                .containsOnlyKeys(TopologyScenarios.REFUSED + TopologyProblem.EMULATED_BEHIND_HARDWARE);
        assertThat(story.values(TRANSLATED + " && iommu == 0", "requester")).containsExactly(0x0100L);
        assertThat(story.count(TRANSLATED + " && iommu == 1")).isOne();
        reachesTheGuest(story, 2);
    }
}
