package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.guest.DriverBug;
import org.iorewind.model.platform.guest.DriverBugs;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.VirtualMachine;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.samples.session.LiveSession;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes that a whole driver makes are found by the rules, and the driver without them is not accused. */
class PlantedBugsTest {
    private static final int PACKETS = 12;

    @TempDir
    Path folder;

    private Analysis drive(DriverBugs bugs) {
        Path trace = folder.resolve("trace.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(trace)) {
            LiveSession session = LiveSession.begin(writer, "planted", 1);
            VirtualMachine machine = VirtualHost.plain(session).machine(1);
            SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.emulated());
            DevicePort nic = new DevicePort(session, iommu.number(), GuestNic.GUEST_DEVICE, machine.systemBase());
            GuestNic guest =
                    new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V1).bugs(bugs), nic).start();
            guest.packets("packets", PACKETS, 1);
            long buffer = guest.buffer(GuestNic.PAGE);
            long iova = guest.map(buffer, GuestNic.PAGE);
            guest.transfer(iova, GuestNic.PAGE);
            guest.unmap(iova, GuestNic.PAGE);
            guest.nic().load(EffectSink.NO_PASID, iova);
            session.end();
        }
        try (TraceReader reader = Traces.open(trace)) {
            return Analyses.analyze(reader, ReplayOptions.defaults());
        }
    }

    private List<String> found(DriverBug bug) {
        return drive(DriverBugs.none().with(bug)).rules().findings().stream()
                .map(finding -> finding.rule().id())
                .distinct()
                .toList();
    }

    @Test
    void aDriverWithoutMistakesIsNotAccused() {
        assertThat(drive(DriverBugs.none()).rules().findings())
                .extracting(finding -> finding.rule().id())
                .doesNotContain(
                        "stale-translation",
                        "missing-invalidation",
                        "wrong-domain-invalidation",
                        "wait-omitted",
                        "late-invalidation",
                        "redundant-invalidation",
                        "device-entry-not-invalidated");
    }

    @Test
    void aDriverThatNeverFlushesAnUnmap() {
        assertThat(found(DriverBug.NO_FLUSH_ON_UNMAP)).contains("missing-invalidation", "stale-translation");
    }

    @Test
    void aDriverThatFlushesAnotherDomain() {
        assertThat(found(DriverBug.WRONG_DOMAIN_IN_FLUSH)).contains("wrong-domain-invalidation");
    }

    @Test
    void aDriverThatDoesNotWait() {
        assertThat(found(DriverBug.NO_COMPLETION_WAIT)).contains("wait-omitted");
    }

    @Test
    void aDriverThatFlushesTwice() {
        assertThat(found(DriverBug.DOUBLE_FLUSH))
                .contains("redundant-invalidation")
                .doesNotContain("missing-invalidation");
    }
}
