package org.iorewind.model.iommu.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheGeometryTest {
    @ParameterizedTest
    @CsvSource({"3, 1", "0, 1", "-1, 1", "4, 0", "4, -1", "4, 100000"})
    void whatNoCacheCanHaveIsRefused(int sets, int ways) {
        assertThatThrownBy(() -> new CacheGeometry(sets, ways))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found " + (sets == 4 ? ways : sets));
    }

    @Test
    void aCacheOfOnePlaceAndNoCacheAreGeometries() {
        assertThat(new CacheGeometry(1, 1).sets()).isEqualTo(1);
        assertThat(new CacheGeometry(0, 0).ways()).isZero();
    }
}
