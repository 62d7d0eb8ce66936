package org.iorewind.replay.bisect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceAlignmentTest {
    @TempDir
    Path folder;

    private SmallSession a;
    private SmallSession b;

    @BeforeEach
    void twoOfAKind() {
        a = SmallSession.running(folder.resolve("a.iorw"));
        b = SmallSession.running(folder.resolve("b.iorw"));
    }

    private TraceAlignment.Result compare() {
        try (TraceReader first = a.open();
                TraceReader second = b.open()) {
            return TraceAlignment.compare(first, second, ReplayOptions.defaults());
        }
    }

    @Test
    void theSameWorkInAnotherOrderIsTheSame() {
        a.map(0x5000, 0x1000).flush().dma(DmaAccess.READ, 0x5000);
        b.map(0x8000, 0x1000).dma(DmaAccess.READ, 0x8000).flush();
        TraceAlignment.Result result = compare();
        assertThat(result.first()).isNull();
        assertThat(result.lanes())
                .extracting(TraceAlignment.LaneResult::name)
                .containsExactly("commands of IOMMU 0", "requests of 00:06.0");
    }

    @Test
    void theFirstRequestWithAnotherOutcomeIsNamedOnBothSides() {
        a.map(0x5000, 0x1000).dma(DmaAccess.READ, 0x5000).dma(DmaAccess.READ, 0x5000);
        b.map(0x5000, 0x1000).dma(DmaAccess.READ, 0x5000).unmap(0x5000).flush().dma(DmaAccess.READ, 0x5000);
        TraceAlignment.Difference first = compare().first();
        assertThat(first).isNotNull();
        assertThat(first.lane()).isEqualTo("requests of 00:06.0");
        assertThat(first.ordinal()).isEqualTo(2);
        assertThat(first.whatA()).isEqualTo("TRANSLATED");
        assertThat(first.whatB()).isEqualTo("PAGE_NOT_PRESENT");
        assertThat(first.sequenceB()).isGreaterThan(first.sequenceA());
    }

    @Test
    void anotherKindOfFlushIsADifference() {
        a.command(3L << 60 | 5L << 32, 0x5000);
        b.flush();
        TraceAlignment.Difference first = compare().first();
        assertThat(first).isNotNull();
        assertThat(first.whatA()).isEqualTo("INVALIDATE_IOMMU_PAGES of a range");
        assertThat(first.whatB()).isEqualTo("INVALIDATE_IOMMU_PAGES of everything");
    }

    @Test
    void whatOnlyOneHasIsADifference() {
        b.flush();
        TraceAlignment.Difference first = compare().first();
        assertThat(first).isNotNull();
        assertThat(first.sequenceA()).isEqualTo(-1);
        assertThat(first.whatA()).isEqualTo("nothing more");
    }
}
