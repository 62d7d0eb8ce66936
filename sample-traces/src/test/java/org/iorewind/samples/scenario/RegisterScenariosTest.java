package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.platform.PlainMachine;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What amd-viommu reference says of guests' registers and of the calls that set them. */
class RegisterScenariosTest {
    private static final long NO_SUCH_ENTRY = -2;
    private static final long BUSY = -16;
    private static final long EXISTS = -17;
    private static final long NO_SUCH_DEVICE = -19;
    private static final long NOT_SUPPORTED = -95;
    private static final long POINTER = 0x7_FFF0;

    @TempDir
    Path folder;

    private static List<Long> slot(Story story) {
        List<Long> reads = story.values(
                "kind == 'MmioReadValue' && space == 'VF_CONTROL' && registerOffset >= 0x40 && registerOffset < 0x80",
                "value");
        return reads.subList(reads.size() - 8, reads.size());
    }

    /** Reference 1.4: capability 09h; VF BAR of 256 MiB and VF-control BAR of 4 MiB, aligned to their sizes, Enable=1; 7.1 step 1. */
    @Test
    void theCapabilityLeadsToBothBars() {
        Story story = Story.of("hw-discovery", folder);
        String read = "kind == 'MmioReadValue' && space == 'PCI_CONFIG'";
        List<Long> values = story.values(read, "value");
        List<Long> offsets = story.values(read, "registerOffset");
        int at = 0;
        while (offsets.get(at) < 0x40 || (values.get(at) & 0xFF) != 0x09) {
            at++;
        }
        long capability = offsets.get(at);
        assertThat(offsets.subList(at, at + 6))
                .extracting(offset -> offset - capability)
                .containsExactly(0L, 4L, 8L, 0xCL, 0x10L, 0x14L);
        long page = values.get(at + 3) << 32 | values.get(at + 2);
        long control = values.get(at + 5) << 32 | values.get(at + 4);
        assertThat(page & (256L << 20) - 1).as("Enable, and nothing else").isOne();
        assertThat(control & (4L << 20) - 1).as("Enable, and nothing else").isOne();
        assertThat(page).isGreaterThan(1);
        assertThat(control).isGreaterThan(1).isNotEqualTo(page);
        assertThat(RegisterScenarios.discovery(new PlainMachine())).containsExactly(0, (int) NO_SUCH_DEVICE);
    }

    /** Reference 14.2: 20h, 28h and 30h of the slot; row "buffer base / control writes": X=1, S=1 each. */
    @Test
    void theFirstPageOfAGuestGoesToItsSlot() {
        Story story = Story.of("hw-control-slot", folder);
        List<Long> slot = slot(story);
        assertThat(slot.get(4)).isEqualTo(0x1234_5309L);
        assertThat(slot.get(5)).isEqualTo(0x1234_6309L);
        assertThat(slot.get(6)).isEqualTo(0x1_2347_0709L);
        assertThat(slot.get(2) & 0xFFFF).as("translate DeviceID is in [31:16]").isZero();
        assertThat(slot.get(2)).isPositive();
        CostRow writes = story.costs().workloads().get("first 4 KiB");
        assertThat(writes.count(CostCounter.VM_EXITS)).isEqualTo(4);
        assertThat(writes.count(CostCounter.HOST_CALLS)).isEqualTo(4);
    }

    /** Reference 3.3: pointers are [18:4]; MC14 and 14.3 rule 8: beyond the list all reads 0; another guest's page stays. */
    @Test
    void aPageHasPointersAndStatusAndNothingElse() {
        Story story = Story.of("hw-vf-page", folder);
        String read = "kind == 'MmioReadValue' && space == 'VF' && registerOffset == ";
        for (int head : List.of(0x00, 0x08, 0x10, 0x30, 0x50, 0x70)) {
            assertThat(story.values(read + (0x1000 + head), "value"))
                    .as("pointer at %x", head)
                    .containsExactly(POINTER);
        }
        for (int tail : List.of(0x18, 0x38, 0x58, 0x78)) {
            assertThat(story.values(read + (0x1000 + tail), "value"))
                    .as("hardware's own at %x", tail)
                    .containsExactly(0L);
        }
        assertThat(story.values(
                        "kind == 'MmioReadValue' && space == 'VF' && registerOffset >= 0x1098 && registerOffset < 0x2000",
                        "value"))
                .hasSize((0x1000 - 0x98) / 8)
                .containsOnly(0L);
        assertThat(story.values("kind == 'MmioReadValue' && space == 'VF' && registerOffset >= 0x2000", "value"))
                .hasSize(512)
                .containsOnly(0L);
    }

    /** Reference 6.3 and MC8: the VF page and 10h to 3Fh of the slot are zero, ID maps stay. */
    @Test
    void aResetLeavesNothingButTheIdMaps() {
        Story story = Story.of("hw-reset-vmmio", folder);
        String slot = "kind == 'MmioReadValue' && space == 'VF_CONTROL' && registerOffset == ";
        for (int register : List.of(0x20, 0x28, 0x30)) {
            List<Long> values = story.values(slot + (3 * 64 + register), "value");
            assertThat(values.get(values.size() - 2)).as("%x, before", register).isNotZero();
        }
        for (int register = 0x10; register < 0x40; register += 8) {
            List<Long> values = story.values(slot + (3 * 64 + register), "value");
            assertThat(values.get(values.size() - 1)).as("%x, after", register).isZero();
        }
        List<Long> page = story.values("kind == 'MmioReadValue' && space == 'VF' && registerOffset >= 0x3000", "value");
        assertThat(page.subList(page.size() - 0x98 / 8, page.size())).containsOnly(0L);
        PlainMachine machine = new PlainMachine();
        VirtualHost host = RegisterScenarios.reset(machine);
        assertThat(machine.load(host.viommu().privateAddress(0x10_0030_0000L + GuestNic.GUEST_DEVICE * 16)))
                .as("hDeviceID in [39:24], valid")
                .isEqualTo((long) SoftwareScenarios.HOST_NIC << 24 | 1);
    }

    /** Reference 10.4: act on the whole entry, not on the order of stores; row "attach device": X=1 to 4; 7.5: the merged entry. */
    @Test
    void anEntryIsFollowedWhenItIsWhole() {
        Story story = Story.of("hw-attach", folder);
        assertThat(story.values("kind == 'Translation'", "outcome"))
                .as("blocked, then translated")
                .containsExactly(1L, 0L);
        CostRow attach = story.costs().workloads().get("attach");
        long tableWrites = story.places("kind == 'VmExit' && reason == 'TABLE_WRITE'").stream()
                .filter(place -> place > story.places("kind == 'Phase'").get(0))
                .count();
        assertThat(tableWrites).isBetween(1L, 4L);
        assertThat(attach.count(CostCounter.VM_EXITS))
                .as("the guest's own INVALIDATE_DEVTAB_ENTRY executes in hardware")
                .isEqualTo(tableWrites);
        PlainMachine machine = new PlainMachine();
        DeviceEntryImage guest = RegisterScenarios.attach(machine);
        long at = (machine.iommu(0).read(RegisterSpace.HOST, 0, 8) & 0xF_FFFF_FFFF_F000L)
                + SoftwareScenarios.HOST_NIC * 32L;
        long root = 0x7L << 58 | 3L << 56 | 1L << 55 | 1L << 54;
        assertThat(machine.load(at) & root).as("GCR3 low, GLX, GV, GIoV").isEqualTo(guest.quadword0() & root);
        assertThat(machine.load(at) & 3).as("V, TV").isEqualTo(3);
        assertThat(machine.load(at) >>> 9 & 7).as("the parent's Mode").isPositive();
        assertThat(machine.load(at + 8) & 0xFFFF_F800_FFFF_0000L)
                .as("GCR3 high")
                .isEqualTo(guest.quadword1() & 0xFFFF_F800_FFFF_0000L);
        assertThat(machine.load(at + 24)).as("vImuEn, GDeviceID, GuestID").isEqualTo(0x1_0020_8000L);
    }

    /** Reference 7.5; 4.3 rule 6: the vdevice comes before the nested attach; 14.2: the slot is that of the calls of 2020. */
    @Test
    void theObjectsOfTodayLeadToTheSameSlot() {
        Story story = Story.of("hw-iommufd", folder);
        assertThat(story.values("kind == 'DriverCall' && phase == 'EXIT' && call == 'iommufd.ATTACH'", "result"))
                .containsExactly(NO_SUCH_ENTRY, 0L);
        assertThat(slot(story).subList(2, 8))
                .isEqualTo(slot(Story.of("hw-control-slot", folder)).subList(2, 8));
    }

    /** Errors as the kernel has them, and no register of any guest is touched. */
    @Test
    void callsThatCannotBeAreRefusedAndChangeNothing() {
        Story story = Story.of("hw-call-errors", folder);
        assertThat(story.values("kind == 'DriverCall' && phase == 'EXIT' && call == 'VIOMMU_VM_INIT'", "result"))
                .containsExactly(NO_SUCH_DEVICE, 0L, 0L);
        List<Long> phases = story.places("kind == 'Phase'");
        long from = phases.get(phases.size() - 2);
        List<Long> results = story.values(
                "kind == 'DriverCall' && phase == 'EXIT' && call.startsWith('VIOMMU_') && sequence > " + from,
                "result");
        assertThat(results)
                .containsExactly(
                        NO_SUCH_ENTRY,
                        NO_SUCH_ENTRY,
                        BUSY,
                        EXISTS,
                        NO_SUCH_ENTRY,
                        BUSY,
                        NO_SUCH_ENTRY,
                        NO_SUCH_ENTRY,
                        NOT_SUPPORTED);
        assertThat(story.places("kind == 'MmioWrite' || kind == 'MemoryWrite'")).allMatch(place -> place < from);
    }
}
