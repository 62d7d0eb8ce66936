package org.iorewind.record.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.record.qemu.GuestRam.Place;
import org.iorewind.record.qemu.PlanOptions.WantedFidelity;
import org.iorewind.record.qemu.PlanOptions.WantedWay;
import org.iorewind.trace.SessionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
    private static final ScratchFiles FILES = new ScratchFiles(Path.of("/dev/shm/x"));
    private static final PlanOptions AUTO = options(WantedFidelity.AUTO, WantedWay.AUTO);
    private static final PlanOptions PIPE = options(WantedFidelity.AUTO, WantedWay.FIFO);

    private static PlanOptions options(WantedFidelity fidelity, WantedWay way) {
        return new PlanOptions(fidelity, way, true);
    }

    private static Capabilities qemu(int major, int minor) {
        TreeSet<String> options = new TreeSet<>(List.of("intremap", "device-iotlb", "pt"));
        TreeSet<String> events = new TreeSet<>(List.of("amdvi_mmio_write", "amdvi_translation_result"));
        if (major >= 11) {
            options.add("dma-remap");
            events.add("amdvi_generate_msi_interrupt");
        }
        return new Capabilities(new QemuVersion(major, minor, major + "." + minor), true, true, events, options);
    }

    private static RecordingPlan plan(Capabilities qemu, PlanOptions options, String words) {
        QemuCommand command = QemuCommand.of(List.of(("qemu-system-x86_64 " + words).split(" ")));
        return Planner.plan(command, qemu, options, FILES, null, 0);
    }

    @Test
    void everyWordIsTheUsersOrHasAReason() {
        RecordingPlan plan = plan(qemu(11, 1), PIPE, "-M q35 -m 512 -device amd-iommu,dma-remap=on");
        List<String> words = plan.words();
        assertThat(words.subList(0, 7))
                .containsExactly("qemu-system-x86_64", "-M", "q35", "-m", "512", "-device", "amd-iommu,dma-remap=on");
        List<String> added =
                plan.additions().stream().flatMap(a -> a.words().stream()).toList();
        assertThat(words.subList(7, words.size())).isEqualTo(added);
        assertThat(plan.additions()).allMatch(addition -> !addition.why().isBlank());
        assertThat(added)
                .contains(
                        "memory-backend-file,id=iorewind-ram,size=536870912,mem-path=/dev/shm/x/ram,share=on",
                        "/dev/shm/x/log",
                        "amdvi_*",
                        "timestamp=on",
                        "-S");
    }

    @Test
    void withTheLibraryNothingGoesThroughTheLogFile() {
        RecordingPlan plan = plan(qemu(11, 1), AUTO, "-M q35 -m 4G -device amd-iommu,dma-remap=on -D mine.log");
        assertThat(plan.way()).isEqualTo(Way.TAP);
        assertThat(plan.words()).contains("-D", "mine.log").doesNotContain("/dev/shm/x/log", "timestamp=on");
        assertThat(plan.environment().get("LD_PRELOAD")).startsWith("/dev/shm/x/libiorewind-qemu.so");
        assertThat(plan.environment())
                .containsEntry("IOREWIND_RING", "/dev/shm/x/ring")
                .containsEntry("IOREWIND_RAM", "at:/dev/shm/x/places");
        // the machine stays as it is, and waits until its memory was found
        assertThat(plan.words()).contains("-S").noneMatch(word -> word.contains("memory-backend"));
    }

    @Test
    void withoutTheLibraryAPipeIsUsedAndTheReasonSaid() {
        QemuCommand command = QemuCommand.of(List.of("qemu-system-x86_64", "-device", "amd-iommu,dma-remap=on"));
        RecordingPlan plan = Planner.plan(command, qemu(11, 1), AUTO, FILES, "no C compiler", 0);
        assertThat(plan.way()).isEqualTo(Way.FIFO);
        assertThat(plan.changes()).anyMatch(change -> change.contains("no C compiler"));
    }

    @Test
    void aWayThatIsWantedAndCannotBeHadIsRefused() {
        QemuCommand command =
                QemuCommand.of(List.of("qemu-system-x86_64", "-enable-kvm", "-device", "amd-iommu,dma-remap=on"));
        PlanOptions tap = options(WantedFidelity.AUTO, WantedWay.TAP);
        assertThatThrownBy(() -> Planner.plan(command, qemu(11, 1), tap, FILES, "no C compiler", 0))
                .isInstanceOf(CommandLineException.class)
                .hasMessageContaining("--mode tap")
                .hasMessageContaining("no C compiler");
        PlanOptions plugin = options(WantedFidelity.AUTO, WantedWay.PLUGIN);
        assertThatThrownBy(() -> Planner.plan(command, qemu(11, 1), plugin, FILES, null, 0))
                .isInstanceOf(CommandLineException.class)
                .hasMessageContaining("-accel kvm");
    }

    @Test
    void theUsersLogFileIsServedByTheRecorder() {
        RecordingPlan plan = plan(qemu(11, 1), PIPE, "-D mine.log -d guest_errors -device amd-iommu,dma-remap=on");
        assertThat(plan.words()).doesNotContain("mine.log").containsOnlyOnce("-D");
        assertThat(plan.userLog()).isEqualTo(Path.of("mine.log"));
        assertThat(plan.changes()).anyMatch(change -> change.contains("-D"));
    }

    @Test
    void whatTheUserSetsIsNotSetTwice() {
        RecordingPlan plan = plan(
                qemu(11, 1),
                PIPE,
                "-S -msg timestamp=on,guest-name=on -device amd-iommu,dma-remap=on"
                        + " -object memory-backend-file,id=m,size=1G,mem-path=/tmp/mine,share=on -M q35,memory-backend=m");
        assertThat(plan.words()).containsOnlyOnce("-S").containsOnlyOnce("-msg").containsOnlyOnce("-object");
        assertThat(plan.holdsStart()).isFalse();
        assertThat(plan.ram()).isEqualTo(new GuestRam(Place.USERS_FILE, Path.of("/tmp/mine"), 0));
        assertThat(plan.ramBackend()).isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-M q35,memory-backend=m -object memory-backend-ram,id=m,size=1G",
                "-M q35,memory-backend=m -object memory-backend-file,id=m,size=1G,mem-path=/tmp/x",
                "-M q35 -object memory-backend-ram,id=m,size=1G -numa node,memdev=m",
                "-M q35 -m 1G -mem-path /tmp"
            })
    void memoryThatNobodyElseSeesIsReadInTheProcess(String machine) {
        RecordingPlan plan = plan(qemu(11, 1), PIPE, machine + " -device amd-iommu,dma-remap=on");
        assertThat(plan.ram().place()).isEqualTo(Place.PROCESS);
        assertThat(plan.words()).noneMatch(word -> word.contains("iorewind-ram"));
    }

    @Test
    void whatKeepsDmaFromBeingTranslatedIsNamedForEachVersion() {
        RecordingPlan eleven = plan(qemu(11, 1), AUTO, "-device amd-iommu,intremap=on");
        assertThat(eleven.warnings()).anyMatch(warning -> warning.contains("dma-remap=on"));
        assertThat(eleven.facts().deviceOptions()).isEqualTo(SessionInfo.DMA_REMAPPING_OFF);
        RecordingPlan ten = plan(qemu(10, 0), AUTO, "-device amd-iommu,intremap=off");
        assertThat(ten.warnings()).anyMatch(warning -> warning.contains("pt=off"));
        assertThat(ten.facts().deviceOptions())
                .isEqualTo(SessionInfo.DMA_REMAPPING_OFF | SessionInfo.INTERRUPT_REMAPPING_OFF);
        RecordingPlan good = plan(qemu(11, 1), AUTO, "-device amd-iommu,dma-remap=on");
        assertThat(good.warnings()).isEmpty();
        assertThat(good.facts().deviceOptions()).isZero();
    }

    @Test
    void virtioThatGoesPastTheIommuIsNamed() {
        RecordingPlan plan = plan(
                qemu(11, 1),
                AUTO,
                "-device amd-iommu,dma-remap=on -device virtio-blk-pci,drive=d -device virtio-net-pci,iommu_platform=on");
        assertThat(plan.warnings()).hasSize(1).first().asString().startsWith("virtio-blk-pci");
    }

    @Test
    void iommusOfOtherMakesAreRefusedByName() {
        for (String other : List.of("-device intel-iommu", "-M virt,iommu=smmuv3", "-device virtio-iommu-pci")) {
            assertThatThrownBy(() -> plan(qemu(11, 1), AUTO, other)).isInstanceOf(UnsupportedSourceException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-M q35",
                "-device amd-iommu -device amd-iommu",
                "-device amd-iommu -daemonize",
                "-device amd-iommu -D log.%d",
                "-device amd-iommu -trace events=e,file=f"
            })
    void whatCannotBeRecordedIsRefusedWithWhatToDo(String words) {
        assertThatThrownBy(() -> plan(qemu(11, 1), AUTO, words))
                .isInstanceOf(CommandLineException.class)
                .hasMessageMatching("(?s).*(write|leave|name|add) .*");
    }

    @Test
    void aQemuThatHidesRegisterValuesIsAskedForTheDeviceTable() {
        RecordingPlan plan = plan(qemu(10, 0), PIPE, "-device amd-iommu,intremap=off,pt=off");
        assertThat(plan.ram().place()).isEqualTo(Place.OWN_FILE);
        assertThat(plan.contract()).contains("does not print where the device table is");
        assertThat(plan.facts().profile()).isEqualTo("qemu-10.0");
    }

    @Test
    void whatIsLeftOutOnRequestStandsInTheContract() {
        RecordingPlan plan = plan(
                qemu(11, 1),
                new PlanOptions(WantedFidelity.OBSERVED, WantedWay.FIFO, false),
                "-device amd-iommu,dma-remap=on");
        assertThat(plan.contract()).contains("Memory was not recorded", "left out on request");
        assertThat(plan.words()).contains("enable=-amdvi_ir_*").noneMatch(word -> word.contains("memory-backend"));
    }
}
