package org.iorewind.replay.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.replay.Divergence;
import org.iorewind.replay.ModelOptions;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatIfTest {
    private static final long IOVA = 0x5000;
    private static final long OLD = 0x12_3000;
    private static final long NEW = 0x45_6000;

    @TempDir
    Path folder;

    private SmallSession session;

    /** A page that moves, with the flush that it takes. */
    @BeforeEach
    void remap() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
        session.map(IOVA, OLD)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, OLD)
                .map(IOVA, NEW)
                .flush()
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, NEW)
                .dma(DmaAccess.READ, IOVA + 0x1000)
                .observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA + 0x1000, 0);
    }

    private WhatIf.Result ask(ModelOptions model, List<String> drops, String... injections) {
        try (TraceReader trace = session.open()) {
            List<Injection> parsed =
                    List.of(injections).stream().map(Injection::parse).toList();
            return new WhatIf(trace, ReplayOptions.defaults().withModel(model), drops, parsed).run();
        }
    }

    @Test
    void withoutAQuestionItIsTheReplay() {
        WhatIf.Result result = ask(ModelOptions.NONE, List.of());
        try (TraceReader trace = org.iorewind.trace.Traces.open(folder.resolve("trace.iorw"))) {
            assertThat(result.replay()).isEqualTo(Replay.run(trace, ReplayOptions.defaults()));
        }
    }

    @Test
    void withoutTheFlushTheDeviceReadsTheOldPage() {
        WhatIf.Result result = ask(ModelOptions.NONE, List.of("command.kind == \"INVALIDATE_IOMMU_PAGES\""));
        assertThat(result.droppedCommands()).isOne();
        assertThat(result.replay().observations().divergences()).isOne();
        Divergence divergence = result.replay().firstDivergences().get(0);
        assertThat(divergence.field()).isEqualTo("result");
        assertThat(divergence.recorded()).isEqualTo("0x456000");
        assertThat(divergence.predicted()).isEqualTo("0x123000");
    }

    @Test
    void commandsOfOtherKindsStay() {
        WhatIf.Result result = ask(ModelOptions.NONE, List.of("command.kind == 'COMPLETION_WAIT'"));
        assertThat(result.droppedCommands()).isZero();
        assertThat(result.replay().observations().divergences()).isZero();
    }

    @Test
    void aDroppedInputTakesItsObservationsWithIt() {
        WhatIf.Result result = ask(ModelOptions.NONE, List.of("kind == 'DmaRequest' && address == 0x6000"));
        assertThat(result.droppedEvents()).isOne();
        assertThat(result.replay().faultCount()).isZero();
        assertThat(result.replay().observations().divergences()).isZero();
    }

    @Test
    void aSmallIotlbHasOtherAnswers() {
        session.dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.HIT, IOVA, NEW)
                .map(0x7000, OLD)
                .dma(DmaAccess.READ, 0x7000)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, 0x7000, OLD)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.HIT, IOVA, NEW);
        WhatIf.Result result = ask(ModelOptions.of(List.of("iotlb.entries=1")), List.of());
        assertThat(result.replay().firstDivergences())
                .extracting(Divergence::field, Divergence::recorded, Divergence::predicted)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("cache", "HIT", "MISS"));
    }

    @Test
    void anInputThatNeverWasHasItsConsequences() {
        // the entry is cleared right before the last flush's doorbell
        WhatIf.Result result =
                ask(ModelOptions.NONE, List.of(), "19 store 0x302028 0x0", "20 dma 00:06.0 0x9000 write");
        assertThat(result.injected()).isEqualTo(2);
        assertThat(result.replay().faultCount()).isGreaterThan(1);
        assertThat(result.replay().firstDivergences()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "12 fly",
                "x reset",
                "12 store 0x1000",
                "12 dma 00:06.0 0x1000 erase",
                "12 dma 6 1 read"
            })
    void wordsThatAreNoInjectionAreRefused(String text) {
        assertThatThrownBy(() -> Injection.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iotlb.size=3",
                "iotlb.entries",
                "iotlb.entries=many",
                "iotlb.entries=24",
                "dte.cache=99999999999"
            })
    void optionsThatCannotBeAreRefused(String text) {
        assertThatThrownBy(() -> ModelOptions.of(List.of(text))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFilterThatIsNoneIsRefused() {
        assertThatThrownBy(() -> ask(ModelOptions.NONE, List.of("command.king == 1")))
                .isInstanceOf(FilterException.class);
    }
}
