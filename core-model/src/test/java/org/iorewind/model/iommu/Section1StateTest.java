package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.StateImage;
import org.iorewind.model.iommu.Machine.OwnMessage;
import org.junit.jupiter.api.Test;

/** Reference 1.2, 1.12: configuration space and counters are a part of the state that is saved. */
class Section1StateTest {
    private static final int COUNTER = 0x4_0000;
    private static final int MSI = 0x64;

    private static final IommuOptions OPTIONS = IommuOptions.of(Profile.SPEC).toBuilder()
            .extendedFeatures(2L << 10 | 1L << 9 | 1L << 46)
            .build();

    private final Machine first = Machine.started(OPTIONS);

    private Machine restored() {
        StateImage image = new StateImage();
        first.iommu.saveTo(image);
        Machine second = new Machine(OPTIONS, first.memory);
        StateImage.Reader reader = image.reader();
        second.iommu.restoreFrom(reader);
        reader.expectEnd();
        assertThat(second.hash()).isEqualTo(first.hash());
        return second;
    }

    @Test
    void aRestoredCounterGoesOnCountingWithItsLocks() {
        first.write(COUNTER, 41);
        first.write(COUNTER + 8, PerformanceEvent.TARGET_ABORT.code());
        first.write(0x4008, 1);
        first.write(0x4010, 2);
        first.write(0x4018, 3);
        Machine second = restored();
        second.read(0x1000);
        assertThat(second.iommu.register(COUNTER)).isEqualTo(42);
        assertThat(second.iommu.register(0x4008)).isEqualTo(1);
        assertThat(second.iommu.register(0x4010)).isEqualTo(2);
        assertThat(second.iommu.register(0x4018)).isEqualTo(3);
    }

    @Test
    void aRestoredFunctionSendsItsMessagesAndShowsItsStatus() {
        first.iommu.configWrite(MSI + 4, 4, 0xFEE0_1000L);
        first.iommu.configWrite(MSI + 12, 2, 0x41);
        first.iommu.configWrite(MSI + 2, 2, 1);
        first.read(0x1000);
        first.write(0x2020, 2);
        Machine second = restored();
        assertThat(second.iommu.configRead(6, 2) & 0x800).isEqualTo(0x800);
        second.read(0x1000);
        assertThat(second.ownMessages).containsExactly(new OwnMessage(OwnInterrupt.EVENT_LOG, 0xFEE0_1000L, 0x41));
    }
}
