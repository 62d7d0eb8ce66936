package org.iorewind.analyze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.Test;

/** Rings and logs: a planted mistake is found by its rule. */
class RingRulesTest extends RuleBench {
    @Test
    void reservedBitsOfACommandAreSeen() {
        session.command(8L << 60, 1);
        only("reserved-bits");
    }

    @Test
    void aTailBehindARingThatDoesNotRunIsSeen() {
        session.register(0x18, 1).register(0x2008, 16);
        only("tail-while-stopped");
    }

    @Test
    void aStoppedRingThatBeginsAnewIsNotOverrun() {
        session.register(0x18, 1).register(0x2008, 16).register(0x2000, 0).register(0x2008, 0);
        session.register(0x18, 1 | 1 << 12);
        only("tail-while-stopped");
    }

    @Test
    void aTailThatPassesTheHeadIsSeen() {
        session.register(0x18, 1).register(0x2008, 32).register(0x2008, 16);
        assertThat(serious()).extracting(finding -> finding.rule().id()).contains("ring-overrun");
    }

    @Test
    void aTailBeyondTheRingIsSeen() {
        session.register(0x18, 1).register(0x2008, 0x1000);
        only("pointer-out-of-ring");
    }

    @Test
    void aRingThatIsMovedWhileItRunsIsSeen() {
        session.register(0x08, 0x22_0000L | 8L << 56);
        only("base-while-running");
    }

    @Test
    void aLogThatOverflowsIsSeen() {
        for (int i = 0; i < 256; i++) {
            session.dma(DmaAccess.READ, IOVA);
        }
        only("log-overflow");
    }

    @Test
    void anEventWhileTheLogIsOffIsANote() {
        session.register(0x18, 1 | 1 << 12).dma(DmaAccess.READ, IOVA);
        assertThat(analysis().rules().findings())
                .extracting(finding -> finding.rule().id())
                .contains("events-not-logged");
    }
}
