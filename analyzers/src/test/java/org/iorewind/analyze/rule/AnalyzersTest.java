package org.iorewind.analyze.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.iorewind.analyze.protocol.ProtocolAnalyzer;
import org.iorewind.analyze.protocol.ProtocolRules;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Analyzers are found, run together, and kept within bounds. */
class AnalyzersTest {
    private static final Path DOCS = Path.of("..", "docs");

    @TempDir
    Path folder;

    private RuleReport run(Analyzer... analyzers) {
        SmallSession session = SmallSession.running(folder.resolve("trace.iorw"));
        session.map(0x5000, 0x12_3000).dma(DmaAccess.WRITE, 0x5000).dma(DmaAccess.READ, 0x5000);
        try (TraceReader trace = session.open()) {
            RulePass pass = new RulePass(List.of(analyzers));
            Playback played = Replay.play(trace, ReplayOptions.defaults(), pass.listeners());
            return pass.finish(Fidelity.FULL, played.machine());
        }
    }

    @Test
    void theBuiltInRulesAreFound() {
        assertThat(Analyzers.load()).hasAtLeastOneElementOfType(ProtocolAnalyzer.class);
    }

    @Test
    void aRuleOfSomebodyElseReportsBesideTheBuiltInOnes() {
        RuleReport report = run(new ProtocolAnalyzer(), new WriteOnlyOnce());
        assertThat(report.rules()).isEqualTo(ProtocolRules.all().size() + 1);
        Finding finding = report.findings().stream()
                .filter(each -> each.rule().id().equals("example-read-back"))
                .findFirst()
                .orElseThrow();
        assertThat(finding.count()).isOne();
        assertThat(finding.evidence()).extracting(Evidence::what).containsExactly("written", "read");
    }

    @Test
    void theTableOfRulesHasEveryRuleAsItIs() throws IOException {
        String table = Files.readString(DOCS.resolve("rules.md"));
        for (Rule rule : ProtocolRules.all()) {
            assertThat(table)
                    .contains("| `" + rule.id() + "` | " + rule.severity().id() + " | "
                            + rule.needs().label() + " | " + rule.title() + ". " + rule.explanation() + " | "
                            + rule.remedy() + " |");
        }
        assertThat(table.lines().filter(line -> line.startsWith("| `")).count())
                .isEqualTo(ProtocolRules.all().size());
    }

    @Test
    void twoRulesOfOneNameAreRefusedByName() {
        assertThatThrownBy(() -> run(new WriteOnlyOnce(), new WriteOnlyOnce()))
                .isInstanceOf(AnalyzerException.class)
                .hasMessageContaining("example-read-back");
    }

    @Test
    void aRuleThatNeedsMoreThanTheRecordingHoldsSaysSo() {
        RulePass pass = new RulePass(List.of(new ProtocolAnalyzer()));
        SmallSession session = SmallSession.running(folder.resolve("trace.iorw"));
        try (TraceReader trace = session.open()) {
            Playback played = Replay.play(trace, ReplayOptions.defaults(), pass.listeners());
            assertThat(pass.finish(Fidelity.LOG, played.machine()).notJudged())
                    .containsKeys("stale-translation", "ring-overrun")
                    .doesNotContainKey("recording-gap");
        }
    }

    @Test
    void aRuleKeepsSoManyFindingsAndCountsTheRest() {
        Findings findings = new Findings();
        Rule rule = ProtocolRules.all().get(0);
        IntStream.range(0, Findings.MOST_OF_A_RULE + 5)
                .forEach(device -> findings.report(
                        rule, Where.device(0, device), device, 0, () -> new Findings.Words("", List.of())));
        assertThat(findings.list()).hasSize(Findings.MOST_OF_A_RULE);
        assertThat(findings.notKept()).containsEntry(rule.id(), 5L);
    }
}
