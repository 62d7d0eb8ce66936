package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProfileTest {
    @ParameterizedTest
    @EnumSource
    void everyProfileIsFoundByItsName(Profile profile) {
        assertThat(Profile.named(profile.label())).contains(profile);
        assertThat(Profile.labels().split(", ", -1)).contains(profile.label());
    }

    @Test
    void thereIsNoOther() {
        assertThat(Profile.named("vax")).isEmpty();
        assertThat(Profile.labels()).isEqualTo("spec, qemu-7.2, qemu-10.0, qemu-11.1");
    }
}
