package org.iorewind.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.performance.PerformanceWatcher;
import org.iorewind.analyze.rule.RuleReport;
import org.junit.jupiter.api.Test;

class HeadlineTest {
    @Test
    void oneFaultIsNamedInTheTitle() {
        Analysis all = SampleAnalysis.typical();
        FaultExplanation fault = all.faults().get(0);
        Headline headline = Headline.of(new Analysis(
                all.tracePath(),
                all.replay(),
                List.of(fault),
                RuleReport.none(),
                new PerformanceWatcher().result(List.of(), List.of()),
                new CostWatcher().table(),
                all.mix(),
                List.of()));
        assertThat(headline.outcome()).isEqualTo(Headline.Outcome.FAULTS);
        assertThat(headline.title()).isEqualTo("Device 00:06.0 was refused: read at 0x100000 to 0x10000c");
        assertThat(headline.detail()).isEqualTo("Nothing in the recording ever mapped this address for this device.");
    }

    @Test
    void severalFaultsAreCounted() {
        Headline headline = Headline.of(SampleAnalysis.typical());
        assertThat(headline.title()).isEqualTo("2 faults in 5 refused requests, from 2 devices");
        assertThat(headline.cautions()).anyMatch(caution -> caution.contains("disagree in 1 place"));
    }

    @Test
    void aCleanReplaySaysHowMuchWasCompared() {
        Headline headline = Headline.of(SampleAnalysis.clean());
        assertThat(headline.outcome()).isEqualTo(Headline.Outcome.CLEAN);
        assertThat(headline.title()).isEqualTo("No fault");
        assertThat(headline.detail()).contains("30,406 of 30,406 compared observations agree with the model.");
        assertThat(headline.cautions()).isEmpty();
    }

    @Test
    void littleFidelityLimitsTheVerdict() {
        assertThat(Headline.of(SampleAnalysis.hostile()).cautions())
                .anyMatch(caution -> caution.startsWith("Page tables were not recorded"));
    }
}
