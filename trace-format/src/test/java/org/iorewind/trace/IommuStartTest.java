package org.iorewind.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.iorewind.trace.json.JsonLinesExporter;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;

class IommuStartTest {
    private static final IommuInfo EMULATED = new IommuInfo(
            0x8000_0000_0000_00A1L,
            0x8,
            IommuInfo.NOT_PRESENT_CACHED | IommuInfo.INVALIDATION_RESPONSES_RECORDED,
            0x1_0000_0000L,
            0x1000_0000,
            "spec");

    private final EventList events = new EventList();
    private final EventWriter writer = new EventWriter(events);

    @Test
    void whatIsWrittenIsRead() {
        writer.iommu(3).iommuStart(EMULATED);
        assertThat(events.view(0).kind()).isEqualTo(EventKind.IOMMU_START);
        assertThat(events.view(0).iommu()).isEqualTo(3);
        IommuInfo read = IommuInfo.of(events.view(0));
        assertThat(read).isEqualTo(EMULATED);
        assertThat(read.has(IommuInfo.NOT_PRESENT_CACHED)).isTrue();
        assertThat(read.has(IommuInfo.EVENTS_TO_HOST_FIRST)).isFalse();
    }

    @Test
    void otherEventsAreRefused() {
        writer.mmioRead(MmioSpace.HOST, 8, 0);
        assertThatThrownBy(() -> IommuInfo.of(events.view(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("templateId=3");
    }

    @Test
    void aFrameCarriesTheVersionInWhichItsTypeLastChanged() {
        writer.mmioRead(MmioSpace.HOST, 8, 0);
        writer.iommuStart(EMULATED);
        assertThat(events.view(0).version()).isZero();
        assertThat(events.view(1).version()).isOne();
        assertThat(EventTable.standard().schemaVersion()).isOne();
    }

    @Test
    void aLineNamesTheOptions() {
        writer.iommu(1).iommuStart(EMULATED);
        assertThat(JsonLinesExporter.line(events.view(0)))
                .contains("\"kind\":\"IommuStart\"")
                .contains("\"options\":[\"notPresentCached\",\"invalidationResponsesRecorded\"]")
                .contains("\"memoryBase\":\"0x100000000\"")
                .doesNotContain("frame");
    }
}
