package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** The nested walk against a second one, written to be obviously right and nothing else. */
class NestedWalkPropertyTest {
    private static final double ENOUGH = 15;

    @Property(tries = 4000)
    void theNestedWalkAgreesWithTheNaiveOne(@ForAll long seed, @ForAll AccessKind access) {
        NestedCase request = NestedCase.draw(new Random(seed), access, UnaryOperator.identity());
        // Asked first, since the walk sets A and D in the tables.
        String expected = new NaiveNestedWalk(request).translate();

        String found = request.ask();

        TranslationDecision decision = request.machine().translations.get(0).decision();
        Statistics.label("decisions").collect(decision).coverage(coverage -> {
            coverage.check(TranslationDecision.TRANSLATED).percentage(percent -> percent > ENOUGH);
            coverage.check(TranslationDecision.PAGE_NOT_PRESENT).count(count -> count > 0);
            coverage.check(TranslationDecision.BAD_TABLE_ENTRY).count(count -> count > 0);
            coverage.check(TranslationDecision.NO_PERMISSION).count(count -> count > 0);
        });
        assertThat(found).isEqualTo(expected);
        expectEventWithPasid(request);
    }

    private static void expectEventWithPasid(NestedCase request) {
        for (Machine.Logged event : request.machine().events) {
            assertThat(event.flags() & 1).isEqualTo(1);
            assertThat(event.pasid()).isEqualTo(request.pasid());
            assertThat(event.q1()).isEqualTo(request.address());
        }
    }
}
