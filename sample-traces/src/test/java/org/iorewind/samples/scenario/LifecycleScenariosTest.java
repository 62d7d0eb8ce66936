package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What amd-viommu reference expects of the life of guests. */
class LifecycleScenariosTest {
    private static final long CONTROL_V_CMD = 1L << 52;
    private static final long CONTROL_VIOMMU = 1L << 53;
    private static final int ALL_IDS = 1 << 16;

    @TempDir
    Path folder;

    /** Reference 7.1, step 11: vCmdEn, then vIommuEn, and both last. */
    @Test
    void theHostTurnsGuestCommandsOnBeforeHardwareVirtualisation() {
        Story story = Story.of("hw-host-boot", folder);
        List<Long> control = story.values("kind == 'MmioWrite' && registerOffset == 0x18", "value");
        int commands = 0;
        while ((control.get(commands) & CONTROL_V_CMD) == 0) {
            commands++;
        }
        assertThat(control.get(commands) & CONTROL_VIOMMU).isZero();
        assertThat(control.get(control.size() - 1) & CONTROL_VIOMMU).isNotZero();
        assertThat(story.count("kind == 'MmioRead' && space == 'PCI_CONFIG'"))
                .as("the capability is looked for")
                .isPositive();
    }

    /** Reference 7.2, step 4: RESET_VMMIO(gid, all, vCmd), whose words 14.2 gives for GID 3. */
    @Test
    void aGuestImageBeginsWithAReset() {
        Story story = Story.of("hw-vm-lifecycle", folder);
        List<Long> resets = story.values("kind == 'CommandConsumed'", "qword0").stream()
                .filter(q -> q >>> 60 == 0xA)
                .toList();
        assertThat(resets).hasSizeGreaterThanOrEqualTo(2).allMatch(q -> (int) (long) q == 0x9000_0001);
        for (String call :
                List.of("VIOMMU_VM_INIT", "VIOMMU_DEVICE_ATTACH", "VIOMMU_DEVICE_DETACH", "VIOMMU_VM_DESTROY")) {
            assertThat(story.values("kind == 'DriverCall' && phase == 'EXIT' && call == '" + call + "'", "result"))
                    .as(call)
                    .isNotEmpty()
                    .allMatch(result -> result >= 0);
        }
    }

    /** Reference 7.2, step 8: all 65,536 + 65,536 entries, for each of the two images. */
    @Test
    void aDriverLikeLinuxInitialisesAllIds() {
        Story story = Story.of("hw-vm-lifecycle-full", folder);
        assertThat(story.count("kind == 'MmioWrite' && space == 'VF_CONTROL' && registerOffset == 0x40"))
                .as("DeviceIDs of GuestID 1")
                .isGreaterThanOrEqualTo(2L * ALL_IDS);
        assertThat(story.count("kind == 'MmioWrite' && space == 'VF_CONTROL' && registerOffset == 0x48"))
                .as("DomainIDs of GuestID 1")
                .isGreaterThanOrEqualTo(2L * ALL_IDS);
    }

    /** Reference 4.3 and 14.3, rules 1 and 4. */
    @Test
    void guestsWithTheSameDomainDoNotShareCacheEntries() {
        Story story = Story.of("hw-two-guests", folder);
        List<Long> domains = story.values("kind == 'Translation'", "domain");
        assertThat(domains.get(0)).isNotEqualTo(domains.get(1));
        assertThat(domains.get(2)).isEqualTo(domains.get(1));
        CostTable costs = story.costs();
        assertThat(costs.workloads().get("after the flush").count(CostCounter.WALK_READS))
                .as("the other guest's entry was still cached")
                .isZero();
    }

    /** Reference 6.5 (Source 1 is the command buffer) and 14.2 (RESET_VMMIO). */
    @Test
    void aRingBeyondMemoryIsToldToTheHostWhichResetsTheGuest() {
        Story story = Story.of("hw-private-fault", folder);
        List<Long> events = story.values("kind == 'LogEntry' && log == 'EVENT' && guest == 0", "qword0");
        assertThat(events).isNotEmpty();
        long event = events.get(0);
        assertThat(event >>> 60).isEqualTo(0xC);
        assertThat(event & 0xFFFF).as("GuestID").isOne();
        assertThat(event >>> 16 & 3).as("Source").isOne();
        assertThat(story.values("kind == 'LogEntry' && log == 'EVENT' && guest == 0", "qword1")
                        .get(0))
                .isEqualTo(LifecycleScenarios.BEYOND);
        List<Long> resets = story.values("kind == 'CommandConsumed'", "qword0").stream()
                .filter(q -> q >>> 60 == 0xA)
                .toList();
        assertThat(resets).hasSize(2).allMatch(q -> q == 0xA000_0000_9000_0001L);
        assertThat(story.count("kind == 'Translation' && outcome == 'TRANSLATED'"))
                .isEqualTo(2);
        assertThat(story.costs().operations().get("unmap").count(CostCounter.GUEST_COMMANDS))
                .isEqualTo(2);
    }

    /** Reference 7.5: Mode must be 0, guests' v1 tables are not supported. */
    @Test
    void aGuestsHostTableIsRefusedAndTheDeviceBlocked() {
        Story story = Story.of("hw-attach-refused", folder);
        assertThat(story.values("kind == 'DriverCall' && phase == 'EXIT' && call.startsWith('iommufd.')", "result"))
                .anyMatch(result -> result < 0);
        assertThat(story.values("kind == 'Translation'", "outcome")).containsExactly(1L);
        assertThat(story.count("kind == 'VmExit' && reason == 'TABLE_WRITE'")).isPositive();
    }

    /** Row "PPR", column HW-direct: guest log write, COMPLETE_PPR_REQUEST on the guest's own ring, X=0. */
    @Test
    void aPageRequestOfASharedSpaceNeverLeavesTheGuest() {
        Story story = Story.of("guest-svm", folder);
        assertThat(story.values("kind == 'LogEntry' && log == 'PPR' && guest == 1", "qword0"))
                .hasSize(1)
                .allMatch(q -> (q & 0xFFFF) == GuestNic.GUEST_DEVICE);
        assertThat(story.values("kind == 'CommandConsumed' && guest == 1", "qword0"))
                .anyMatch(q -> q >>> 60 == 7 && (q & 0xFFFF) == GuestNic.GUEST_DEVICE);
        assertThat(story.values("kind == 'PageResponse'", "requester"))
                .containsExactly((long) SoftwareScenarios.HOST_NIC);
        assertThat(story.costs().workloads().get("page request").count(CostCounter.HOST_COMMANDS))
                .isZero();
        assertThat(story.count("kind == 'MemoryWrite' && from == 'DEVICE'")).isOne();
    }

    /** Reference 0.3: each image has its own page and its own slot; 2.2: commands come from each guest's own ring. */
    @Test
    void eachOfManyGuestsBootsOnItsOwnRing() {
        Story story = Story.of("hw-many-guests", folder);
        for (int guest : List.of(1, 2, 10, 20)) {
            assertThat(story.count("kind == 'CompletionStore' && guest == " + guest))
                    .as("guest %s", guest)
                    .isPositive();
        }
        assertThat(story.count("kind == 'LogEntry'")).isZero();
    }
}
