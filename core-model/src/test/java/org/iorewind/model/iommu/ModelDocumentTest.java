package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.iorewind.model.iommu.quirk.KnownDeviations;
import org.iorewind.model.iommu.quirk.KnownDeviations.Deviation;
import org.iorewind.model.iommu.quirk.KnownDeviations.Treatment;
import org.iorewind.model.iommu.quirk.ModelChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model's document, the deviation table and the code say the same. */
class ModelDocumentTest {
    private static final Path SOURCES = Path.of("src/main/java");

    private final String document = read(Path.of("../docs/MODEL.md"));
    private final KnownDeviations deviations = KnownDeviations.load();

    @ParameterizedTest
    @EnumSource
    void everyFeatureIsDocumented(Feature feature) {
        assertThat(document).contains("`" + feature + "`");
    }

    @ParameterizedTest
    @EnumSource
    void everyChoiceIsDocumentedAndNamedByItsClass(ModelChoice choice) {
        assertThat(document).contains("| " + choice.id() + " | `" + choice.holder() + "` | " + choice.text() + " |");
        assertThat(sourceOf(choice.holder())).contains(choice.id());
    }

    @Test
    void everyDeviationIsDocumentedAsItsTableSays() {
        for (Deviation row : deviations.all()) {
            assertThat(document).contains("| " + row.id() + " | " + String.join(", ", row.versions()) + " |");
            assertThat(document).contains(row.text());
            assertThat(row.versions()).isSubsetOf(List.of("7.2", "10.0", "11.1"));
            row.quirk().ifPresent(quirk -> assertThat(sourceOf(quirk)).isNotEmpty());
            assertThat(row.quirk().isPresent() || row.treatment() != Treatment.MODELLED)
                    .as(row.id())
                    .isTrue();
        }
    }

    @Test
    void deviationIdsAreUniqueAndFound() {
        Set<String> ids = new HashSet<>();
        for (Deviation row : deviations.all()) {
            assertThat(ids.add(row.id())).as(row.id()).isTrue();
            assertThat(deviations.withId(row.id())).contains(row);
            assertThat(document).contains(row.treatment().label());
        }
        assertThat(deviations.withId("Q-NONE")).isEmpty();
    }

    @Test
    void profilesAreFoundByTheirLabels() {
        for (Profile profile : Profile.values()) {
            assertThat(Profile.named(profile.label())).contains(profile);
            assertThat(document).contains(profile.label());
        }
        assertThat(Profile.named("qemu")).isEmpty();
    }

    private static String sourceOf(String simpleName) {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.endsWith(simpleName + ".java"))
                    .map(ModelDocumentTest::read)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("expected a class " + simpleName + " below " + SOURCES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
