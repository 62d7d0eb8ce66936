package org.iorewind.analyze.cost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitCostsReaderTest {
    private static UnitCosts read(String json) throws IOException {
        return UnitCostsReader.read(new ByteArrayInputStream(json.getBytes(UTF_8)), "my.json");
    }

    @Test
    void everyBuiltInCostHasASourceAndSaysHowSureItIs() {
        UnitCosts costs = UnitCostsReader.builtIn();
        assertThat(costs.all()).hasSize(CostCounter.values().length).allSatisfy(cost -> {
            assertThat(cost.ns().signum()).isPositive();
            assertThat(cost.source()).hasSizeGreaterThan(10);
            assertThat(cost.confidence()).isIn("K", "S", "I", "V", "V2", "MC", "U");
        });
    }

    /** Engineering notes C.4: an exit takes 1 to 2 us, a read of DRAM 90 ns. */
    @Test
    void theCostsOfTheReferencesAreThoseOfTheReferences() {
        UnitCosts costs = UnitCostsReader.builtIn();
        assertThat(costs.of(CostCounter.VM_EXITS).ns()).isBetween(BigDecimal.valueOf(1000), BigDecimal.valueOf(2000));
        assertThat(costs.of(CostCounter.WALK_READS).ns()).isEqualByComparingTo("90");
    }

    @Test
    void aFileReplacesWhatItNames() throws IOException {
        UnitCosts costs = read("""
                {"note": {"a": [1]}, "costs": [
                  {"counter": "vmExits", "ns": 812.5, "source": "measured", "confidence": "V", "more": []}]}
                """);
        assertThat(costs.of(CostCounter.VM_EXITS))
                .isEqualTo(new UnitCost(CostCounter.VM_EXITS, new BigDecimal("812.5"), "measured", "V"));
        assertThat(costs.of(CostCounter.WALK_READS).ns()).isEqualByComparingTo("90");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"costs\": 1}",
                "{\"costs\": [1]}",
                "{\"costs\": [{\"counter\": \"vmExits\", \"ns\": 1}]}",
                "{\"costs\": [{\"counter\": \"nothing\", \"ns\": 1, \"source\": \"s\", \"confidence\": \"V\"}]}",
                "{\"costs\": [{\"counter\": \"vmExits\", \"ns\": -1, \"source\": \"s\", \"confidence\": \"V\"}]}",
                "{\"costs\": [{\"counter\": \"vmExits\", \"ns\": 1e99, \"source\": \"s\", \"confidence\": \"V\"}]}",
                "{\"costs\": [{\"counter\": \"vmExits\", \"ns\": 1e-99, \"source\": \"s\", \"confidence\": \"V\"}]}",
                "{\"costs\": [{\"counter\": \"vmExits\", \"ns\": \"1\", \"source\": \"s\", \"confidence\": \"V\"}]}",
                "{\"costs\": [{\"counter\": \"vmExits\", \"ns\": 1, \"source\": 7, \"confidence\": \"V\"}]}"
            })
    void whatIsNoFileOfCostsIsRefusedByName(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("my.json")
                .hasMessageContaining("line");
    }
}
