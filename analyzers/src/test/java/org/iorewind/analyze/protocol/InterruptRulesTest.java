package org.iorewind.analyze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interrupt remapping: entries that change untold, and devices that it leaves out. */
class InterruptRulesTest extends RuleBench {
    private static final long TABLE = 0x50_0000;
    private static final long ENTRY = SmallSession.DEVICE_TABLE + SmallSession.DEVICE * 32L + 16;
    private static final long REMAP_TWO_ENTRIES = 2L << 60 | TABLE | 1 << 1 | 1;
    private static final long VECTOR_30 = 0x30_0001L;
    private static final long VECTOR_40 = 0x40_0001L;
    private static final long MESSAGE = 0xFEE0_0000L;

    @BeforeEach
    void remapping() {
        session.page(TABLE).store(TABLE, VECTOR_30).store(ENTRY, REMAP_TWO_ENTRIES);
        session.command(2L << 60 | SmallSession.DEVICE, 0);
    }

    private void interrupt(int device) {
        session.events().interruptRequest(device, MESSAGE, 0);
    }

    private List<String> found() {
        return serious().stream().map(finding -> finding.rule().id()).toList();
    }

    private List<String> notes() {
        return analysis().rules().findings().stream()
                .filter(finding -> finding.severity() == Severity.INFO)
                .map(finding -> finding.rule().id())
                .toList();
    }

    @Test
    void anEntryThatChangesUntoldIsSeen() {
        interrupt(SmallSession.DEVICE);
        session.store(TABLE, VECTOR_40);
        interrupt(SmallSession.DEVICE);
        assertThat(found()).containsExactly("interrupt-entry-not-invalidated");
    }

    @Test
    void anEntryThatChangesToldIsRight() {
        interrupt(SmallSession.DEVICE);
        session.store(TABLE, VECTOR_40).command(5L << 60 | SmallSession.DEVICE, 0);
        interrupt(SmallSession.DEVICE);
        assertThat(found()).isEmpty();
    }

    private List<String> noted() {
        return analysis().rules().findings().stream()
                .map(finding -> finding.rule().id())
                .filter(id -> id.startsWith("interrupt"))
                .toList();
    }

    private void observed(InterruptOutcome outcome) {
        session.events().interruptDelivered(outcome, 0, 0x4030, MESSAGE, 0, 0, 0);
    }

    @Test
    void interruptsOfWhichNoneIsRemappedAreNoted() {
        session = new SmallSession(folder.resolve("log.iorw"), "qemu-11.1", Fidelity.OBSERVED);
        interrupt(SmallSession.DEVICE);
        observed(InterruptOutcome.PASSED);
        assertThat(noted()).containsExactly("interrupts-open");
    }

    /** A trace log without memory: the model has no tables to remap by, but the device that was recorded did. */
    @Test
    void interruptsThatTheRecordedDeviceRemapsAreNotOpen() {
        session = new SmallSession(folder.resolve("log.iorw"), "qemu-11.1", Fidelity.OBSERVED);
        interrupt(SmallSession.DEVICE);
        observed(InterruptOutcome.PASSED);
        session.register(0x00, SmallSession.DEVICE_TABLE).register(0x18, 1);
        interrupt(SmallSession.DEVICE);
        observed(InterruptOutcome.REMAPPED);
        assertThat(noted()).isEmpty();
    }

    @Test
    void aDeviceWhoseInterruptsPassWhileOthersAreRemappedIsSeen() {
        interrupt(SmallSession.DEVICE);
        interrupt(0x08);
        assertThat(found()).containsExactly("interrupt-hole");
    }

    @Test
    void thatAllInterruptsPassIsNoted() {
        interrupt(0x08);
        assertThat(notes()).contains("interrupts-open");
    }

    /** Nobody can tell what became of an interrupt whose table is not recorded: it may have been remapped. */
    @Test
    void whereATableIsNotRecordedNothingIsSaidOfAllInterrupts() {
        interrupt(0x08);
        session.store(ENTRY, REMAP_TWO_ENTRIES + TABLE).command(2L << 60 | SmallSession.DEVICE, 0);
        interrupt(SmallSession.DEVICE);
        assertThat(notes()).doesNotContain("interrupts-open");
    }
}
