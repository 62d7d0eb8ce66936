package org.iorewind.model.iommu.quirk;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranslationGateTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGateWithoutStateStaysAsItIs(boolean isOpen) {
        TranslationGate gate = isOpen ? TranslationGate.OPEN : TranslationGate.CLOSED;
        assertThat(gate.readsEntryOnInvalidation()).isFalse();
        gate.entrySeen(5, new DeviceEntry(), !isOpen);
        assertThat(gate.translates(5)).isEqualTo(isOpen);
        gate.entryUnknown(5);
        gate.allUnknown();
        assertThat(gate.translates(5)).isEqualTo(isOpen);
        gate.reset();
        assertThat(gate.translates(0xFFFF)).isEqualTo(isOpen);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 64, 0xFFFF})
    void aDeviceWhoseEntryIsUnknownCountsAsAnnounced(int requester) {
        TranslationGate gate = Quirks.of(Profile.QEMU_11_1).gate().get();
        assertThat(gate.translates(requester)).isFalse();
        gate.entryUnknown(requester);
        assertThat(gate.translates(requester)).isTrue();
        assertThat(gate.translates(requester ^ 1)).isFalse();
        gate.entrySeen(requester, new DeviceEntry(), true);
        assertThat(gate.translates(requester)).isFalse();
        gate.allUnknown();
        assertThat(gate.translates(requester ^ 1)).isTrue();
    }
}
