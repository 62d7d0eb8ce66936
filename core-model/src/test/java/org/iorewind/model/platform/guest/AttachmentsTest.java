package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;

import java.util.Objects;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.DomainIds;
import org.junit.jupiter.api.Test;

/** amd-viommu reference 8: on v2 tables each device has a DomainID of its own; they are not without end. */
class AttachmentsTest {
    private final SoftwareMachine machine = new SoftwareMachine();

    private Attachments attachments(TableFormat format, int domainIds) {
        GuestOptions options = Guests.options(format);
        return new Attachments(Guests.booted(machine, options).iommu(), options, new DomainIds(1, domainIds));
    }

    @Test
    void withoutADomainIdThereIsNoDomainAndNoFurtherDeviceOnV2() {
        Attachments attachments = attachments(TableFormat.V2, 1);
        DmaDomain domain = Objects.requireNonNull(attachments.newDomain(true));
        assertThat(attachments.newDomain(true)).isNull();
        assertThat(attachments.join(DEVICE, DeviceTraits.plain(), domain)).isNotNull();
        assertThat(attachments.join(0x38, DeviceTraits.plain(), domain)).isNull();
        assertThat(attachments.find(0x38)).isNull();
    }

    @Test
    void onV1TheDomainIdIsThatOfTheDomain() {
        Attachments attachments = attachments(TableFormat.V1, 1);
        DmaDomain domain = Objects.requireNonNull(attachments.newDomain(true));
        attachments.join(DEVICE, DeviceTraits.plain(), domain);
        AttachedDevice other = attachments.join(0x38, DeviceTraits.plain(), domain);
        assertThat(Objects.requireNonNull(other).domainId()).isEqualTo(1);
    }
}
