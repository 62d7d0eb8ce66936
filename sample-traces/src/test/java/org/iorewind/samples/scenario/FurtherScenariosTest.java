package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the references (base, and amd-viommu where said) expect of interrupts, unseen faults and guests of guests. */
class FurtherScenariosTest {
    private static final long GUEST_BASE = 4L << 30;

    @TempDir
    Path folder;

    /** Base reference 8.2: the table gives vector and destination, and an entry without RemapEn lets nothing pass. */
    @Test
    void anInterruptOfAnEmulatedDeviceGoesWhereTheGuestSays() {
        Story story = Story.of("sw-emulated-intremap", folder);
        String ofDevices = "kind == 'InterruptDelivered' && iommu == 1 && outcome != 'IOMMU_OWN'";
        assertThat(story.values(ofDevices + " && outcome == 'REMAPPED'", "data"))
                .hasSize(1)
                .allMatch(data -> (data & 0xFF) == FurtherScenarios.VECTOR);
        assertThat(story.values(ofDevices + " && outcome == 'REMAPPED'", "address"))
                .allMatch(address -> (address >>> 12 & 0xFF) == FurtherScenarios.DESTINATION);
        assertThat(story.count(ofDevices + " && outcome == 'DROPPED'")).isOne();
        assertThat(story.count("kind == 'InterruptRequest' && iommu == 0")).isZero();
    }

    /** Amd-viommu reference 9.2, row "device IO page fault", column SW: the host's log, not forwarded, the guest unaware. */
    @Test
    void aFaultBehindShadowTablesStaysWithTheHost() {
        Story story = Story.of("sw-fault", folder);
        assertThat(story.values("kind == 'LogEntry' && iommu == 0", "qword0"))
                .hasSize(1)
                .allMatch(q -> q >>> 60 == 2 && (q & 0xFFFF) == SoftwareScenarios.HOST_NIC);
        assertThat(story.count("kind == 'LogEntry' && iommu == 1")).isZero();
        assertThat(story.count("kind == 'DriverCall' && call == 'inject-interrupt'"))
                .isZero();
    }

    /** Talk, "nested passthrough devices": the inner guest's address, through the outer's table, to the outer's memory. */
    @Test
    void aDeviceOfAnInnerGuestUsesItsPhysicalAddresses() {
        Story story = Story.of("guest-nested-passthrough", folder);
        List<Long> inner = story.values(
                "kind == 'DriverCall' && phase == 'ENTER' && call == 'IOAS_MAP' && guest == 1", "physical");
        assertThat(inner).hasSize(1);
        assertThat(story.values("kind == 'MemoryWrite' && from == 'DEVICE'", "address"))
                .containsExactly(GUEST_BASE + inner.get(0) + FurtherScenarios.NESTED_ADDRESS);
        assertThat(story.values("kind == 'LogEntry' && guest == 1", "qword1"))
                .containsExactly(FurtherScenarios.NESTED_ADDRESS);
    }
}
