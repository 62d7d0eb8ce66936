package org.iorewind.analyze.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.iorewind.analyze.cost.CostComparison.Column;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.TraceReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gate lets through what stays within its limits, and nothing else. */
class RegressionGateTest {
    @TempDir
    Path folder;

    private Column flushes(String name, int count) {
        SmallSession session = SmallSession.running(folder.resolve(name));
        for (int i = 0; i < count; i++) {
            session.flush();
        }
        try (TraceReader trace = session.open()) {
            return Column.of(trace, name, ReplayOptions.defaults());
        }
    }

    private static Limit limit(String text) {
        return Limit.parse(text).orElseThrow();
    }

    private GateResult gate(String limit, int before, int after) {
        return new RegressionGate(
                        limit("+1000%"), Map.of(CostCounter.HOST_COMMANDS, limit(limit)), UnitCostsReader.builtIn())
                .check(flushes("a&b.iorw", before), flushes("new <i>.iorw", after));
    }

    @Test
    void twentyCommandsMayBecomeTwentyOneWithFivePerCent() {
        assertThat(gate("+5%", 20, 21).regressions()).isEmpty();
    }

    @Test
    void twentyCommandsMayNotBecomeTwentyTwoWithFivePerCent() {
        GateResult result = gate("+5%", 20, 22);
        assertThat(result.regressions()).hasSize(1);
        assertThat(result.regressions().get(0).change()).isEqualTo("+10.0%");
        assertThat(result.regressions().get(0).sentence())
                .isEqualTo("host commands (hostCommands) went from 20 to 22 in all (+10.0%, allowed +5%)");
    }

    @Test
    void theSameWorkCostsTheSameWithoutAnyAllowance() {
        assertThat(new RegressionGate(limit("0"), Map.of(), UnitCostsReader.builtIn())
                        .check(flushes("one.iorw", 7), flushes("two.iorw", 7))
                        .regressions())
                .isEmpty();
    }

    @Test
    void moreWorkCostsMore() {
        assertThat(new RegressionGate(limit("+5%"), Map.of(), UnitCostsReader.builtIn())
                        .check(flushes("one.iorw", 7), flushes("two.iorw", 17))
                        .regressions())
                .extracting(Check::name)
                .contains("cost of all");
    }

    @Test
    void fromNothingToSomethingIsMoreThanAnyPercentage() {
        Check check = Check.of("x", "", BigDecimal.ZERO, BigDecimal.ONE, limit("+500%"));
        assertThat(check.isExceeded()).isTrue();
        assertThat(check.change()).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({"+5%,5", "5%,5", "0.5,0.5", "+0%,0"})
    void limitsAreWrittenAsPeopleDo(String text, BigDecimal percent) {
        assertThat(limit(text).percent()).isEqualByComparingTo(percent);
    }

    @ParameterizedTest
    @CsvSource({"five", "-5%", "+5%%", "1e9", "''"})
    void whatIsNoLimitIsRefused(String text) {
        assertThat(Limit.parse(text)).isEmpty();
    }

    @Test
    void junitHasACaseForEachComparisonAndHostileNamesStayText() throws IOException {
        StringBuilder xml = new StringBuilder();
        JUnitReport.write(gate("+5%", 20, 22), xml);
        assertThat(xml.toString())
                .contains("failures=\"1\"")
                .contains("classname=\"new &lt;i&gt;.iorw\"")
                .contains("<failure type=\"regression\" message=\"host commands");
    }

    @Test
    void sarifHasAResultForEachRegression() throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        SarifReport.write(gate("+5%", 20, 22), json);
        assertThat(json.toString(StandardCharsets.UTF_8))
                .contains("\"version\" : \"2.1.0\"")
                .contains("\"ruleId\" : \"cost-regression\"")
                .contains("\"uri\" : \"new%20%3Ci%3E.iorw\"");
    }
}
