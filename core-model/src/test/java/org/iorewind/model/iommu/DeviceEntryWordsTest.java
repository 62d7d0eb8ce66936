package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.junit.jupiter.api.Test;

/** Reference 2.2: where the fields of a device table entry stand. */
class DeviceEntryWordsTest {
    @Test
    void eachFieldIsReadWhereItStands() {
        assertThat(DeviceEntryDescriptor.describe(0, 0)).isEqualTo("V=0 TV=0 Mode=0 root 0x0 IR=0 IW=0 DomainID 0x0");
        assertThat(DeviceEntryDescriptor.describe(1L << 62 | 0x17A_2000L | 5 << 9 | 1, 0xABCD_0123L))
                .isEqualTo("V=1 TV=0 Mode=5 root 0x17a2000 IR=0 IW=1 DomainID 0x123");
        assertThat(DeviceEntryDescriptor.describe(1L << 61 | 0x000F_FFFF_FFFF_F000L | 1 << 9 | 2, 0xFFFF))
                .isEqualTo("V=0 TV=1 Mode=1 root 0xffffffffff000 IR=1 IW=0 DomainID 0xffff");
    }
}
