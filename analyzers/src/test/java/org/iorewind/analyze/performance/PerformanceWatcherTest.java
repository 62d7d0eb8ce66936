package org.iorewind.analyze.performance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.ReportCounts;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of a small session that can be counted by hand. */
class PerformanceWatcherTest {
    private static final long IOVA = 0x5000;

    @TempDir
    Path folder;

    private SmallSession session;
    private Path file;

    @BeforeEach
    void running() {
        file = folder.resolve("trace.iorw");
        session = SmallSession.running(file);
        session.map(IOVA, 0x12_3000).map(IOVA + 0x1000, 0x12_4000);
        session.dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA + 0x1000);
        session.unmap(IOVA).flush();
    }

    private Performance performance() {
        try (TraceReader trace = session.open()) {
            return Analyses.analyze(trace, ReplayOptions.defaults()).performance();
        }
    }

    /** Two misses of three levels each, and one hit; a device table entry once. */
    @Test
    void hitsMissesAndReadsByLevel() {
        Performance all = performance();
        assertThat(all.caches().get(0))
                .isEqualTo(new Performance.Cache(
                        "translations (IOTLB)", 1, 2, 1, 2, "effects.iotlbHits > 0", "effects.iotlbMisses > 0"));
        assertThat(all.walkReads())
                .contains(
                        new Performance.WalkReads("device table", 1, 1, 3, 1, "effects.entryReads > 0"),
                        new Performance.WalkReads("host table", 1, 2, 3, 2, "effects.hostReads[1] > 0"));
        assertThat(all.pageSizes()).containsExactly(new Performance.PageSize(12, 3, 3, "effects.pageSizes[12] > 0"));
    }

    @Test
    void mapsUnmapsAndCommands() {
        Performance all = performance();
        assertThat(all.operations()).anySatisfy(each -> {
            assertThat(each.name()).isEqualTo("page table entry mapped");
            assertThat(each.count()).isEqualTo(2);
            assertThat(each.bytes()).isEqualTo(8192);
        });
        assertThat(all.operations()).anySatisfy(each -> {
            assertThat(each.name()).isEqualTo("page table entry unmapped");
            assertThat(each.count()).isOne();
        });
        assertThat(all.commands()).extracting(Performance.Command::name).containsExactly("INVALIDATE_IOMMU_PAGES");
        assertThat(all.ring().occupancy().largest()).isOne();
    }

    /** The unmap is the last event but the flush; both are the only ones of their kind. */
    @Test
    void theWindowNamesTheChangeThatWaitedLongest() {
        Performance.Window window = performance().windows().stream()
                .filter(each -> each.id().equals("unmap-to-flush"))
                .findFirst()
                .orElseThrow();
        assertThat(window.ns().count()).isOne();
        assertThat(window.ns().buckets()).extracting(Distribution.Bucket::count).containsExactly(1L);
        assertThat(window.ns().largestAt()).isPositive();
    }

    @Test
    void aDomainsInvalidationsAreCountedUnderTheHostsNumber() {
        assertThat(performance().domains())
                .filteredOn(each -> each.domain() == SmallSession.DOMAIN)
                .extracting(Performance.Domain::requests, Performance.Domain::invalidations)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(3L, 1L));
    }

    @Test
    void theDeviceWithItsWorkingSet() {
        Performance.Device device = performance().devices().get(0);
        assertThat(device.device()).isEqualTo(SmallSession.DEVICE);
        assertThat(device.requests()).isEqualTo(3);
        assertThat(device.hits()).isOne();
        assertThat(device.pages()).isEqualTo(2);
        assertThat(device.workingSet().stream().mapToInt(i -> i).max()).hasValue(1);
    }

    /** Each filter is one that `dump` takes, and that of the requests finds as many events as were counted. */
    @Test
    void everyFilterCanBeUsed() {
        Performance all = performance();
        all.commands().forEach(each -> EventFilter.compile(each.filter()));
        all.operations().forEach(each -> ReplayFilter.check(each.filter(), new ReportCounts()));
        all.domains().forEach(each -> EventFilter.compile(each.filter()));
        EventFilter filter = EventFilter.compile(all.devices().get(0).filter());
        long found = 0;
        try (TraceReader trace = org.iorewind.trace.Traces.open(file);
                EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                found += filter.test(cursor.event()) ? 1 : 0;
            }
        }
        assertThat(found).isEqualTo(3);
    }
}
