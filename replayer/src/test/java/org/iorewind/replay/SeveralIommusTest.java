package org.iorewind.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second IOMMU sees a window of memory that begins at 0x400000, as a guest would. */
class SeveralIommusTest {
    private static final long WINDOW = 0x40_0000;
    private static final long IOVA = 0x5000;
    private static final long PHYSICAL = 0x12_3000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        long observes = SessionInfo.observesBit(EventKind.TRANSLATION) | SessionInfo.observesBit(EventKind.LOG_ENTRY);
        session = SmallSession.observing(folder.resolve("trace.iorw"), observes);
    }

    private ReplayResult replay() {
        try (TraceReader trace = session.open()) {
            return Replay.run(trace, ReplayOptions.defaults());
        }
    }

    private EventWriter second() {
        return session.events().iommu(1);
    }

    private void start(int options, String profile) {
        second().iommuStart(new IommuInfo(0, 0, options, WINDOW, 0x10_0000, profile));
        session.events().iommu(0);
    }

    /** The device table of the second IOMMU lies at 0 of its window; its entry for the device maps one page. */
    private void mapInWindow() {
        long table = 0x3000;
        session.page(WINDOW).page(WINDOW + table);
        session.store(WINDOW + SmallSession.DEVICE * 32L, table | 1L << 9 | 3L << 61 | 3);
        session.store(WINDOW + SmallSession.DEVICE * 32L + 8, 9);
        session.store(WINDOW + table + (IOVA >>> 12) * 8, PHYSICAL | 3L << 61 | 1);
        second().mmioWrite(MmioSpace.HOST, 8, 0x00, 0);
        second().mmioWrite(MmioSpace.HOST, 8, 0x18, 1);
    }

    private void dma(int iommu, TranslationOutcome outcome, long result) {
        EventWriter events = session.events().iommu(iommu);
        events.dmaRequest(DmaAccess.READ, SmallSession.DEVICE, IOVA, 8, -1);
        int domain = iommu == 0 ? SmallSession.DOMAIN : 9;
        events.translation(outcome, CacheAnswer.MISS, 0, SmallSession.DEVICE, domain, -1, IOVA, result);
    }

    @Test
    void eachTranslatesByItsOwnTables() {
        start(0, "spec");
        mapInWindow();
        dma(1, TranslationOutcome.TRANSLATED, PHYSICAL);
        dma(0, TranslationOutcome.FAULT, 0);
        ReplayResult result = replay();
        assertThat(result.observations().divergences())
                .as("%s", result.firstDivergences())
                .isOne();
        assertThat(result.firstDivergences().get(0).kind()).isEqualTo("LogEntry");
        assertThat(result.observations().matched()).isEqualTo(2);
        assertThat(result.faults()).extracting(Fault::iommu).containsExactly(0);
        assertThat(result.notModelled()).isEmpty();
    }

    @Test
    void whatLiesBeyondTheWindowAborts() {
        second().iommuStart(new IommuInfo(0, 0, 0, WINDOW, 0x1000, "spec"));
        session.events().iommu(0);
        session.page(WINDOW);
        second().mmioWrite(MmioSpace.HOST, 8, 0x00, 0x1000);
        second().mmioWrite(MmioSpace.HOST, 8, 0x18, 1);
        second().dmaRequest(DmaAccess.READ, SmallSession.DEVICE, IOVA, 8, -1);
        assertThat(replay().faults()).extracting(Fault::decision).containsExactly(TranslationDecision.HARDWARE_ERROR);
    }

    @Test
    void theHashCoversAll() {
        String one = replay().stateHash();
        session = SmallSession.running(folder.resolve("two.iorw"));
        start(0, "spec");
        String two = replay().stateHash();
        session = SmallSession.running(folder.resolve("changed.iorw"));
        start(0, "spec");
        second().mmioWrite(MmioSpace.HOST, 8, 0x00, 0x7000);
        assertThat(replay().stateHash()).isNotEqualTo(two).isNotEqualTo(one);
        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void anotherOneMayTakeTheNumber() {
        start(0, "spec");
        second().mmioWrite(MmioSpace.HOST, 8, 0x00, 0x7000);
        start(0, "spec");
        second().mmioReadValue(MmioSpace.HOST, 8, RegisterReport.REPORTED, 0x00, 0);
        assertThat(replay().observations().matched()).isOne();
    }

    @Test
    void itsOptionsCount() {
        start(IommuInfo.DMA_REMAPPING_OFF, "spec");
        mapInWindow();
        dma(1, TranslationOutcome.PASSED, IOVA);
        ReplayResult result = replay();
        assertThat(result.observations().divergences())
                .as("%s", result.firstDivergences())
                .isZero();
    }

    @Test
    void anUnknownProfileIsRefusedByName() {
        start(0, "no-such-device");
        assertThatThrownBy(this::replay)
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("no-such-device");
    }

    @Test
    void anObservationOfAnotherIommuThanTheInputsIsADivergence() {
        start(0, "spec");
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        second().translation(
                        TranslationOutcome.TRANSLATED, CacheAnswer.MISS, 0, SmallSession.DEVICE, 5, -1, IOVA, PHYSICAL);
        ReplayResult result = replay();
        assertThat(result.firstDivergences()).extracting(Divergence::field).containsExactly("iommu", "missing");
    }

    @Test
    void readsOfEverySpaceAreComparedWithTheirOwnAnswer() {
        session.events().mmioRead(MmioSpace.PCI_CONFIG, 2, 0);
        session.events().mmioReadValue(MmioSpace.PCI_CONFIG, 2, RegisterReport.READ, 0, 0xFFFF_0000L);
        session.events().mmioReadValue(MmioSpace.PCI_CONFIG, 2, RegisterReport.REPORTED, 4, 0);
        assertThat(replay().observations().notComparable()).isOne();
    }

    @Test
    void whatIsObservedOfAGuestIsNotWhatTheHostDid() {
        session.dma(DmaAccess.READ, IOVA).observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA, 0);
        session.events().guest(7).logEntry(LogKind.EVENT, -1, 0, 0, 0, 0);
        session.events().interruptDelivered(InterruptOutcome.IOMMU_OWN, 0, 0, 0, 0, 0, 0);
        session.events().commandConsumed(0, 0, 0, 0, 0, 0, 0);
        session.events().completionStore(0, 0);
        session.events().guest(EventWriter.NO_GUEST);
        ReplayResult result = replay();
        assertThat(result.firstDivergences())
                .extracting(Divergence::kind)
                .containsExactly("LogEntry", "InterruptDelivered", "CommandConsumed", "CompletionStore", "LogEntry");
        assertThat(result.firstDivergences().get(4).field()).isEqualTo("missing");
    }

    @Test
    void thereIsNoIommuThatWasNotStarted() {
        SessionInfo info;
        try (TraceReader trace = session.open()) {
            info = trace.session();
        }
        Machine machine = Machine.start(info, "", "test", number -> EffectSink.NONE);
        assertThat(machine.hasIommu(1)).isFalse();
        assertThatThrownBy(() -> machine.iommu(1)).hasMessageContaining("number=1");
    }
}
