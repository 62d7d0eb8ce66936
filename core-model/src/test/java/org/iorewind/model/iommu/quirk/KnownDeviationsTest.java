package org.iorewind.model.iommu.quirk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.iorewind.model.iommu.quirk.KnownDeviations.Treatment;
import org.junit.jupiter.api.Test;

class KnownDeviationsTest {
    private static KnownDeviations read(String rows) {
        return KnownDeviations.read(new ByteArrayInputStream(("heading\n" + rows).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRowHasSixCells() {
        KnownDeviations list =
                read("Q-1\t7.2 10.0\tlog\tcosmetic\t-\ttext\nQ-2\t11.1\tlog\tmodelled\tSomeRules\tmore\n");
        assertThat(list.withId("Q-1")).hasValueSatisfying(row -> {
            assertThat(row.versions()).isEqualTo(List.of("7.2", "10.0"));
            assertThat(row.treatment()).isEqualTo(Treatment.COSMETIC);
            assertThat(row.quirk()).isEmpty();
        });
        assertThat(list.withId("Q-2"))
                .hasValueSatisfying(row -> assertThat(row.quirk()).hasValue("SomeRules"));
        assertThat(list.withId("Q-3")).isEmpty();
        assertThatThrownBy(() -> read("Q-1\t7.2\tlog\tcosmetic\ttext"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("deviations.tsv: expected 6 cells, found 5 in: Q-1\t7.2\tlog\tcosmetic\ttext");
    }

    @Test
    void anUnknownTreatmentIsNamed() {
        assertThatThrownBy(() -> read("Q-1\t7.2\tlog\tmodeled\t-\ttext"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("deviations.tsv: expected modelled, cosmetic or not-modelled, found modeled");
    }

    @Test
    void aListThatCannotBeReadSaysSo() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public void close() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        assertThatThrownBy(() -> KnownDeviations.read(broken))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the disk is gone");
        InputStream unclosable = new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        assertThatThrownBy(() -> KnownDeviations.read(unclosable)).isInstanceOf(UncheckedIOException.class);
    }
}
