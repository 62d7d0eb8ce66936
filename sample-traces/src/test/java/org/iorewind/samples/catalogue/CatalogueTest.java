package org.iorewind.samples.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.iorewind.analyze.protocol.ProtocolRules;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.samples.GoldenText;
import org.iorewind.samples.Sample;
import org.iorewind.samples.guide.Guides;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The catalogue is complete: each command, each event and each rule has a scenario, and each sample its guide. The first test
 * that needs them has all scenarios recorded into archives, replayed and analysed, for which five minutes are allowed.
 */
@Timeout(300)
class CatalogueTest {
    private static final Path PAGE = Path.of("..", "docs", "samples.md");

    @Test
    void thePageSaysWhatTheScenariosCover() throws IOException {
        GoldenText.compare(PAGE, new CataloguePage(Outcomes.all().values()).text());
    }

    @Test
    void noRowIsEmpty() {
        assertThat(Outcomes.all().values())
                .allMatch(outcome -> !outcome.commands().isEmpty());
    }

    /** Reference 3.3. */
    @Test
    void everyCommandIsInAScenario() {
        Set<Integer> found = new TreeSet<>();
        Outcomes.all()
                .values()
                .forEach(outcome -> found.addAll(outcome.commands().keySet()));
        assertThat(found)
                .containsAll(IntStream.rangeClosed(1, CataloguePage.LAST_COMMAND)
                        .boxed()
                        .toList());
    }

    /** Reference 4.2 and 4.3. */
    @Test
    void everyEventIsInAScenario() {
        Set<Integer> found = new TreeSet<>();
        Outcomes.all().values().forEach(outcome -> found.addAll(outcome.events().keySet()));
        assertThat(found)
                .containsAll(IntStream.rangeClosed(1, CataloguePage.LAST_EVENT)
                        .boxed()
                        .toList());
    }

    @Test
    void everyRuleFindsSomethingInAScenario() {
        Set<String> found = Outcomes.all().values().stream()
                .flatMap(outcome -> outcome.findings().stream())
                .map(finding -> finding.rule().id())
                .collect(Collectors.toSet());
        assertThat(found).containsAll(ProtocolRules.all().stream().map(Rule::id).toList());
    }

    @Test
    void namesAreUniqueAndTheListBeginsWithTheCaptureToShow() {
        assertThat(Sample.list()).extracting(Sample::name).doesNotHaveDuplicates();
        assertThat(Captures.logs().get(0)).isEqualTo(Captures.list().get(0));
    }

    /** Two kernels and two versions of QEMU, strict and lazy, a provoked fault, programs without a guest; logs and archives. */
    @Test
    void theCapturesAreOfAllKinds() {
        assertThat(Captures.list().stream().flatMap(capture -> capture.tags().stream()))
                .contains(
                        "qemu-10.0",
                        "qemu-11.1",
                        "linux-6.1",
                        "linux-6.12",
                        "linux-7.3",
                        "strict",
                        "lazy",
                        "fault",
                        "qtest");
        assertThat(Captures.list()).extracting(Capture::form).contains(Capture.Form.values());
        assertThat(Captures.list())
                .allMatch(capture -> capture.story().endsWith(".")
                        && capture.made().endsWith(".")
                        && capture.misses().endsWith("."));
    }

    @Test
    void everySampleHasAGuideAndEveryGuideASample() {
        assertThat(Guides.all().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Sample.list().stream().map(Sample::name).toList());
        assertThat(Guides.all().values())
                .allMatch(
                        guide -> guide.lookFor().endsWith(".") && !guide.steps().isEmpty());
    }
}
