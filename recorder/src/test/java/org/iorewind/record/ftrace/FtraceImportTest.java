package org.iorewind.record.ftrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.iorewind.record.ImportResult;
import org.iorewind.record.MmioWindow;
import org.iorewind.record.RecordedEvents;
import org.iorewind.record.text.TextSource;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FtraceImportTest {
    private static final String[] CALL = {"call", "requester", "iova", "physical", "size", "arguments"};

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();

    private ImportResult read(String... lines) throws IOException {
        Path text = folder.resolve("trace");
        Files.write(text, List.of(lines));
        return FtraceImport.run(List.of(text), events, MmioWindow.QEMU, Progress.NONE);
    }

    private List<String> of(EventKind kind, String... fields) {
        return events.lines(List.of(kind), fields);
    }

    private static Path resource(String name) {
        return Path.of("src", "test", "resources", "org", "iorewind", "record", "ftrace", name);
    }

    private static long linesWith(Path text, String word) {
        long count = 0;
        try (TextSource source = TextSource.open(text)) {
            for (String line = source.nextLine(); line != null; line = source.nextLine()) {
                count += line.contains(word) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void everyEventOfARealBootIsUnderstood() {
        Path text = resource("q11-linux612-strict.trace.zst");
        ImportResult result = FtraceImport.run(List.of(text), events, MmioWindow.QEMU, Progress.NONE);
        assertThat(result.unparsed()).isZero();
        assertThat(result.skipped()).containsOnlyKeys("header");
        List<String> calls = of(EventKind.DRIVER_CALL, "call");
        for (String name : List.of("map", "unmap", "add_device_to_group")) {
            assertThat(calls.stream().filter(call -> call.endsWith("call=" + name)))
                    .as(name)
                    .hasSize((int) linesWith(text, " " + name + ": "));
        }
        assertThat(calls).hasSize(3705);
        assertThat(of(EventKind.DRIVER_CALL, CALL))
                .contains("DriverCall call=map requester=ff:1f.7 iova=0xfffff000 physical=0x10aa5000 size=4096"
                        + " arguments=task=kworker/u4:0-11 cpu=0");
    }

    @Test
    void traceCmdReportTellsTheSameAsTracefs() {
        RecordedEvents report = new RecordedEvents();
        FtraceImport.run(List.of(resource("q11-linux612-strict.trace.zst")), events, MmioWindow.QEMU, Progress.NONE);
        ImportResult result = FtraceImport.run(
                List.of(resource("q11-linux612-strict.report.zst")), report, MmioWindow.QEMU, Progress.NONE);
        assertThat(result.unparsed()).isZero();
        assertThat(report.timelessFrames().subList(0, 3705))
                .isEqualTo(events.timelessFrames().subList(0, 3705));
        assertThat(report.timesNs()).isEqualTo(events.timesNs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"report-t.txt", "report-l.txt", "report--ts-diff.txt", "report-R.txt"})
    void theOtherShapesOfTraceCmdReportTellTheSame(String name) {
        RecordedEvents report = new RecordedEvents();
        FtraceImport.run(List.of(resource("q11-linux612-strict.trace.zst")), events, MmioWindow.QEMU, Progress.NONE);
        ImportResult result = FtraceImport.run(List.of(resource(name)), report, MmioWindow.QEMU, Progress.NONE);
        assertThat(result.unparsed()).isZero();
        String[] fields = {"call", "requester", "iova", "physical", "size"};
        List<String> calls = report.lines(List.of(EventKind.DRIVER_CALL), fields);
        assertThat(calls)
                .hasSizeGreaterThan(30)
                .isEqualTo(of(EventKind.DRIVER_CALL, fields).subList(0, calls.size()));
    }

    @Test
    void aTaskMayHaveBlanksDashesAndColonsInItsName() throws IOException {
        read("   my task-1: 2-345     [012] d.h1.  13.701524: map: IOMMU: iova=0x0000000000001000 - 0x0000000000002000"
                + " paddr=0x0000000000003000 size=4096");
        assertThat(of(EventKind.DRIVER_CALL, "arguments"))
                .containsExactly("DriverCall arguments=task=my task-1: 2-345 cpu=12");
        assertThat(events.timesNs().get(0)).isEqualTo(13_701_524_000L);
    }

    @Test
    void aDeviceIsNamedByItsPciAddressIfItHasOne() throws IOException {
        read(
                "  init-1  [000] .....  5.1: x: y",
                "  init-1  [000] .....  5.857419: attach_device_to_domain: IOMMU: device=0000:00:1f.2",
                "  init-1  [000] .....  5.857420: detach_device_from_domain: IOMMU: device=AMDI0095:00",
                "  init-1  [000] .....  5.857421: remove_device_from_group: IOMMU: groupID=6 device=0001:c1:00.3");
        assertThat(of(EventKind.DRIVER_CALL, "call", "requester", "arguments"))
                .containsExactly(
                        "DriverCall call=attach requester=00:1f.2 arguments=device=0000:00:1f.2 task=init-1 cpu=0",
                        "DriverCall call=detach requester=ff:1f.7 arguments=device=AMDI0095:00 task=init-1 cpu=0",
                        "DriverCall call=remove_device_from_group requester=c1:00.3"
                                + " arguments=device=0001:c1:00.3 group=6 task=init-1 cpu=0");
    }

    @Test
    void aFaultNamesDriverDeviceAndAddress() throws IOException {
        read("  irq/25-AMD-Vi-77  [001] .....  9.000001: io_page_fault: IOMMU:my driver 0000:00:06.0"
                + " iova=0x0000000000100000 flags=0x0001");
        assertThat(of(EventKind.DRIVER_CALL, "call", "requester", "iova", "arguments"))
                .containsExactly("DriverCall call=io_page_fault requester=00:06.0 iova=0x100000"
                        + " arguments=device=0000:00:06.0 driver=my driver flags=0x1 task=irq/25-AMD-Vi-77 cpu=1");
    }

    @Test
    void lostRecordsAreGapsWhoeverCountsThem() throws IOException {
        ImportResult result = read(
                "# entries-in-buffer/entries-written: 205/1205   #P:4",
                "  init-1  [000] .....  5.000001: attach_device_to_domain: IOMMU: device=0000:00:1f.2",
                "CPU:1 [LOST 17 EVENTS]",
                "CPU:2 [LOST EVENTS]",
                "CPU:3 [18 EVENTS DROPPED]",
                "##### CPU 1 buffer started ####");
        assertThat(of(EventKind.GAP, "reason", "count", "note"))
                .containsExactly(
                        "Gap reason=SOURCE_LOST count=1000 note=overwritten before the first event",
                        "Gap reason=SOURCE_LOST count=17 note=CPU 1",
                        "Gap reason=SOURCE_LOST count=0 note=CPU 2",
                        "Gap reason=SOURCE_LOST count=18 note=CPU 3",
                        "Gap reason=SOURCE_LOST count=0 note=CPU 1");
        assertThat(result.contract()).contains("says that it lost records");
    }

    @Test
    void registerAccessesOfAGuestHaveTheirValues() throws IOException {
        ImportResult result = read(
                " CPU 0/KVM-2201 [003] ..... 100.000001: kvm_mmio: mmio write len 4 gpa 0xfed82008 val 0x10",
                " CPU 0/KVM-2201 [003] ..... 100.000002: kvm_mmio: mmio unsatisfied-read len 8 gpa 0xfed82020 val 0x0",
                " CPU 1/KVM-2202 [004] ..... 100.000003: kvm_mmio: mmio write len 8 gpa 0xfed80018 val 0x3148f",
                " CPU 0/KVM-2201 [003] ..... 100.000004: kvm_mmio: mmio read len 8 gpa 0xfed82020 val 0x18",
                " CPU 0/KVM-2201 [003] ..... 100.000005: kvm_mmio: mmio write len 4 gpa 0xfee000b0 val 0x0",
                " CPU 0/KVM-2201 [003] ..... 100.000006: kvm_exit: reason EXIT_MSR rip 0x0",
                " CPU 0/KVM-2201 [003] ..... 100.000007: kvm_mmio: mmio unsatisfied-read len 4 gpa 0xfed82018 val 0x0");
        assertThat(events.lines(
                        List.of(EventKind.MMIO_WRITE, EventKind.MMIO_READ, EventKind.MMIO_READ_VALUE),
                        "registerOffset",
                        "size",
                        "value"))
                .containsExactly(
                        "MmioWrite registerOffset=0x2008 size=4 value=0x10",
                        "MmioWrite registerOffset=0x18 size=8 value=0x3148f",
                        "MmioRead registerOffset=0x2020 size=8",
                        "MmioReadValue registerOffset=0x2020 size=8 value=0x18",
                        "MmioRead registerOffset=0x2018 size=4");
        assertThat(result.skipped())
                .containsEntry("kvm_mmio of another device", 1L)
                .containsEntry("kvm_exit", 1L);
        assertThat(result.folded()).containsEntry("kvm_mmio unsatisfied-read", 2L);
        assertThat(result.unparsed()).isZero();
    }

    @Test
    void registersElsewhereAreFoundWhereTheUserSays() throws IOException {
        Path text = folder.resolve("trace");
        Files.writeString(text, " qemu-1 [003] ..... 1.000001: kvm_mmio: mmio write len 4 gpa 0xfd202008 val 0x10\n");
        assertThatThrownBy(() -> FtraceImport.run(List.of(text), events, MmioWindow.QEMU, Progress.NONE))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("0xfed80000");
        FtraceImport.run(List.of(text), events, new MmioWindow(0xfd20_0000L), Progress.NONE);
        assertThat(of(EventKind.MMIO_WRITE, "registerOffset")).containsExactly("MmioWrite registerOffset=0x2008");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  init-1  [000] .....  5.1234567: map: IOMMU: iova=0x1000 - 0x2000 paddr=0x3000 size=-4096",
                "  init-1  [000] .....  5.1234567: map: IOMMU: iova=0x1000 - 0x2000 paddr=3000 size=4096",
                "  init-1  [000] .....  5.1234567: io_page_fault: IOMMU:0000:00:06.0 iova=0x1000 flags=0x0",
                "  init-1  [000] .....  5.1234567: kvm_mmio: mmio write len 4 gpa 0xfed82008 val",
                "  init-1  [000] .....  5.1234567: kvm_mmio: mmio poke len 4 gpa 0xfed82008 val 0x1",
                "  init-1  [00 .....  5.1234567: map: IOMMU: iova=0x1000 - 0x2000 paddr=0x3000 size=4096"
            })
    void aLineOfOursThatIsDamagedIsReported(String line) throws IOException {
        ImportResult result =
                read(line, "  init-1  [000] .....  5.000001: attach_device_to_domain: IOMMU: device=0000:00:1f.2");
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(Objects.requireNonNull(result.unparsedExamples().get(0))).contains("trace:1: ");
        assertThat(of(EventKind.DRIVER_CALL)).hasSize(1);
    }

    @Test
    void aTextWithoutSuchEventsIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> read("  init-1  [000] .....  5.000001: sched_switch: prev_comm=x"))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("1 events of other kinds")
                .hasMessageContaining("trace-cmd record");
    }

    @Test
    void latencyFormatAndCountersAreRead() throws IOException {
        read(
                "    init-1         0.N... 5857419us+: attach_device_to_domain: IOMMU: device=0000:00:00.0",
                "    bash-977     (    977) [000] d.h1.    13.701524: attach_device_to_domain: IOMMU: device=0000:00:02.0",
                "    init-1         [000] d.h1. 91234567890123: attach_device_to_domain: IOMMU: device=0000:00:03.0");
        assertThat(of(EventKind.DRIVER_CALL, "requester"))
                .containsExactly(
                        "DriverCall requester=00:00.0", "DriverCall requester=00:02.0", "DriverCall requester=00:03.0");
        assertThat(events.timesNs().subList(0, 3)).containsExactly(5_857_419_000L, 13_701_524_000L, 13_701_524_000L);
    }
}
