package org.iorewind.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.PageRight;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final long IOVA = 0x5000;
    private static final long PHYSICAL = 0x12_3000;

    @TempDir
    Path folder;

    private SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
    }

    private ReplayResult replay() {
        try (TraceReader trace = session.open()) {
            return Replay.run(trace, ReplayOptions.defaults());
        }
    }

    private static void onlyDivergence(ReplayResult result, String kind, String field, String recorded, String model) {
        assertThat(result.observations().divergences()).isOne();
        Divergence divergence = result.firstDivergences().get(0);
        assertThat(divergence.kind()).isEqualTo(kind);
        assertThat(divergence.field()).isEqualTo(field);
        assertThat(divergence.recorded()).isEqualTo(recorded);
        assertThat(divergence.predicted()).isEqualTo(model);
        assertThat(divergence.state()).contains("command base 0x800000000200000");
    }

    @Test
    void agreeingObservationsMatch() {
        session.map(IOVA, PHYSICAL)
                .dma(DmaAccess.READ, IOVA + 8)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA + 8, PHYSICAL)
                .dma(DmaAccess.READ, IOVA + 16)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.HIT, IOVA + 16, PHYSICAL);
        ReplayResult result = replay();
        assertThat(result.observations()).isEqualTo(new ReplayResult.Observations(2, 2, 0, 0, 0));
        assertThat(result.fidelity()).isEqualTo("full");
        assertThat(result.faults()).isEmpty();
        assertThat(result.ended()).isTrue();
    }

    @Test
    void anotherResultIsADivergenceThatShowsBothValues() {
        session.map(IOVA, PHYSICAL)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, 0x99_9000);
        onlyDivergence(replay(), "Translation", "result", "0x999000", "0x123000");
    }

    @Test
    void anotherAnswerOfTheCacheIsADivergence() {
        session.map(IOVA, PHYSICAL)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.HIT, IOVA, PHYSICAL);
        onlyDivergence(replay(), "Translation", "cache", "HIT", "MISS");
    }

    @Test
    void aRefusalThatTheModelDoesNotPredictIsADivergenceAndAFault() {
        session.map(IOVA, PHYSICAL)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA, 0);
        ReplayResult result = replay();
        onlyDivergence(result, "Translation", "outcome", "FAULT", "TRANSLATED");
        assertThat(result.faults()).hasSize(1);
        assertThat(result.faults().get(0).observed()).isTrue();
    }

    @Test
    void aWrongCommandIsADivergenceInTheKnownBitsOnly() {
        session.flush();
        session.events().commandConsumed(0, 16, SmallSession.RING, 3L << 60 | 6L << 32, 0xF000_FFFF_0000_0000L, 7, 0);
        onlyDivergence(
                replay(),
                "CommandConsumed",
                "qword0",
                "0x3000000600000000 (known bits 0xf000ffff00000000)",
                "0x3000000500000000");
    }

    @Test
    void aCommandThatTheModelDoesNotTakeIsADivergence() {
        session.events().commandConsumed(0, 16, SmallSession.RING, 0, 0, 0, 0);
        onlyDivergence(replay(), "CommandConsumed", "command", "taken at 0x0", "none");
    }

    @Test
    void readValuesAreComparedInTheirSize() {
        session.events().mmioRead(MmioSpace.HOST, 4, 0x2008);
        session.events().mmioReadValue(MmioSpace.HOST, 4, RegisterReport.READ, 0x2008, 0xFFFF_FFFF_0000_0000L);
        session.events().mmioReadValue(MmioSpace.HOST, 8, RegisterReport.REPORTED, 0x18, 0x1004);
        onlyDivergence(replay(), "MmioReadValue", "register 0x18", "0x1004", "0x1005");
    }

    @Test
    void aPredictionIsMissedOnlyWhereTheSourcePromisesToMissNone() {
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        assertThat(replay().observations().divergences()).isZero();
    }

    @Test
    void missingTablesMakeTheObservationNotComparable() {
        session.store(SmallSession.LEVEL_3, 0x40_0000 | 2L << 9 | 3L << 61 | 1);
        session.dma(DmaAccess.READ, IOVA).observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, PHYSICAL);
        ReplayResult result = replay();
        assertThat(result.observations()).isEqualTo(new ReplayResult.Observations(0, 0, 0, 0, 1));
        assertThat(result.fidelity()).isEqualTo("observed");
        assertThat(result.notRecorded()).containsEntry("PAGE_TABLE", 1L);
    }

    @Test
    void aFaultThatOnlyTheModelSeesIsMarkedSo() {
        session.dma(DmaAccess.WRITE, IOVA);
        ReplayResult result = replay();
        assertThat(result.faultCount()).isOne();
        Fault fault = result.faults().get(0);
        assertThat(fault.requester()).isEqualTo(SmallSession.DEVICE);
        assertThat(fault.address()).isEqualTo(IOVA);
        assertThat(fault.decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(fault.cause()).contains("level 1 entry at 0x302028");
        assertThat(fault.observed()).isFalse();
    }

    @Test
    void aRequestOverTwoPagesIsDecidedPageByPage() {
        session.map(IOVA, PHYSICAL);
        session.events().dmaRequest(DmaAccess.READ, SmallSession.DEVICE, IOVA + 0xFC0, 128, -1);
        ReplayResult result = replay();
        assertThat(result.faultCount()).isOne();
        assertThat(result.faults().get(0).address()).isEqualTo(IOVA + 0x1000);
    }

    @Test
    void aWriteOfUnknownValueChangesNothing() {
        session.events().flags(EventFlag.VALUE_UNKNOWN).mmioWrite(MmioSpace.HOST, 8, 0x18, 0);
        session.events().mmioReadValue(MmioSpace.HOST, 8, RegisterReport.REPORTED, 0x18, 0x1005);
        assertThat(replay().observations().matched()).isOne();
    }

    @Test
    void injectedMemoryFailuresAreFelt() {
        session.map(IOVA, PHYSICAL);
        session.events().injected(InjectedAction.MEMORY_ABORT, SmallSession.LEVEL_1, 0, 4096, "");
        session.dma(DmaAccess.READ, IOVA);
        session.events().injected(InjectedAction.MEMORY_HEAL, SmallSession.LEVEL_1, 0, 4096, "");
        session.dma(DmaAccess.READ, IOVA);
        ReplayResult result = replay();
        assertThat(result.faults()).extracting(Fault::decision).containsExactly(TranslationDecision.HARDWARE_ERROR);
    }

    @Test
    void resetForgetsTheRegisters() {
        session.events().injected(InjectedAction.RESET, 0, 0, 0, "");
        session.events().mmioReadValue(MmioSpace.HOST, 8, RegisterReport.REPORTED, 0x00, 0);
        assertThat(replay().observations().matched()).isOne();
    }

    @Test
    void whatTheModelLacksIsNamed() {
        session.events().mmioWrite(MmioSpace.VF, 8, 0, 0);
        assertThat(replay().notModelled()).containsExactly(entry("MMIO_SPACE", 1L));
    }

    @Test
    void gapsAreCounted() {
        session.events().gap(GapReason.QUEUE_FULL, 7, 100, "");
        assertThat(replay().gaps()).isOne();
    }

    @Test
    void aRecordedStateHashIsVerified() {
        long hash = Long.parseUnsignedLong(replay().stateHash(), 16);
        session = SmallSession.running(folder.resolve("again.iorw"));
        session.events().stateHash(hash, "spec");
        session.events().stateHash(hash + 1, "spec");
        session.events().stateHash(hash, "qemu-10.0");
        ReplayResult result = replay();
        assertThat(result.observations().matched()).isOne();
        assertThat(result.observations().divergences()).isOne();
        assertThat(result.observations().notComparable()).isOne();
    }

    @Test
    void theSameEventsGiveTheSameHashAndOtherEventsAnother() {
        String hash = replay().stateHash();
        session = SmallSession.running(folder.resolve("second.iorw"));
        assertThat(replay().stateHash()).isEqualTo(hash);
        session = SmallSession.running(folder.resolve("third.iorw")).map(IOVA, PHYSICAL);
        assertThat(replay().stateHash()).isNotEqualTo(hash);
    }

    @Test
    void onlyTheFirstDivergencesAreKeptAndAllAreCounted() {
        session.map(IOVA, PHYSICAL);
        for (int i = 0; i < 30; i++) {
            session.dma(DmaAccess.READ, IOVA)
                    .observed(TranslationOutcome.TRANSLATED, CacheAnswer.UNKNOWN, IOVA, 0x1000);
        }
        ReplayResult result = replay();
        assertThat(result.observations().divergences()).isEqualTo(30);
        assertThat(result.firstDivergences()).hasSize(20);
    }

    @Test
    void listenersHearEveryEventInOrder() {
        List<Long> sequences = new ArrayList<>();
        try (TraceReader trace = session.open()) {
            ReplayResult result = Replay.run(trace, ReplayOptions.defaults(), new ReplayListener() {
                @Override
                public void after(EventView event, Machine machine) {
                    sequences.add(event.sequence());
                }
            });
            assertThat(sequences).hasSize((int) result.events()).isSorted().startsWith(0L, 1L, 2L);
        }
    }

    @Test
    void anUnknownProfileIsRefusedWithTheKnownOnes() {
        try (TraceReader trace = session.open()) {
            ReplayOptions options = ReplayOptions.defaults().withProfile("qemu-99");
            assertThatThrownBy(() -> Replay.run(trace, options))
                    .isInstanceOf(UnsupportedTraceException.class)
                    .hasMessageContaining("qemu-99")
                    .hasMessageContaining("qemu-11.1");
        }
    }

    @Test
    void aTraceThatDeclaresFaultsOnlyIsOfFidelityLog() {
        session = new SmallSession(folder.resolve("log.iorw"), "spec", Fidelity.LOG);
        try (TraceReader trace = session.open()) {
            SessionInfo info = trace.session();
            assertThat(info.fidelity()).isEqualTo(Fidelity.LOG);
            assertThat(Replay.run(trace, ReplayOptions.defaults()).fidelity()).isEqualTo("log");
        }
    }

    @Test
    void anotherRequesterOrAddressIsADivergence() {
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        session.events()
                .translation(
                        TranslationOutcome.TRANSLATED,
                        CacheAnswer.MISS,
                        0,
                        0x77,
                        SmallSession.DOMAIN,
                        -1,
                        IOVA,
                        PHYSICAL);
        onlyDivergence(replay(), "Translation", "requester", "00:0e.7", "00:06.0");
    }

    @Test
    void rightsThatTheSourceKnowsAreCompared() {
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        session.events()
                .translation(
                        TranslationOutcome.TRANSLATED,
                        CacheAnswer.MISS,
                        PageRight.KNOWN | PageRight.READ,
                        SmallSession.DEVICE,
                        SmallSession.DOMAIN,
                        -1,
                        IOVA,
                        PHYSICAL);
        onlyDivergence(replay(), "Translation", "rights", "0x1", "0x3");
    }

    @Test
    void aRefusalThatTheModelDoesNotPredictKeepsTheModelsDecision() {
        session.map(IOVA, PHYSICAL)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.FAULT, CacheAnswer.MISS, IOVA, 0);
        Fault fault = replay().faults().get(0);
        assertThat(fault.decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(fault.cause()).contains("the model lets it pass");
    }

    @Test
    void aFullDiskMayHaveCutOffWhatTheLastInputCaused() {
        session.close();
        session = SmallSession.observing(folder.resolve("full.iorw"), SessionInfo.observesBit(EventKind.TRANSLATION));
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        session.events().sessionEnd(EndReason.DISK_FULL, "");
        assertThat(replay().observations().divergences()).isZero();
    }

    @Test
    void aRecordingThatEndsInOrderMustHaveSeenWhatTheLastInputCaused() {
        session.close();
        session = SmallSession.observing(folder.resolve("clean.iorw"), SessionInfo.observesBit(EventKind.TRANSLATION));
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        session.events().sessionEnd(EndReason.CLEAN, "");
        assertThat(replay().observations().divergences()).isOne();
    }

    @Test
    void aGapLeavesWhatWasPredictedOpen() {
        session.close();
        session = SmallSession.observing(folder.resolve("gap.iorw"), SessionInfo.observesBit(EventKind.TRANSLATION));
        session.map(IOVA, PHYSICAL).dma(DmaAccess.READ, IOVA);
        session.events().gap(GapReason.QUEUE_FULL, 1, 0, "");
        session.observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, PHYSICAL);
        assertThat(replay().observations()).isEqualTo(new ReplayResult.Observations(0, 0, 0, 0, 1));
    }

    @Test
    void promisedObservationsThatAreMissingAreDivergences() {
        session.close();
        session = SmallSession.observing(
                folder.resolve("promise.iorw"),
                SessionInfo.observesBit(EventKind.TRANSLATION)
                        | SessionInfo.observesBit(EventKind.COMPLETION_STORE)
                        | SessionInfo.observesBit(EventKind.LOG_ENTRY));
        session.command(1L << 60 | 0x40_0000 | 1, 7).dma(DmaAccess.READ, IOVA);
        assertThat(replay().firstDivergences())
                .extracting(Divergence::kind)
                .containsExactlyInAnyOrder("CompletionStore", "Translation", "LogEntry");
    }

    @Test
    void aCompletionOfACommandThatIsNotRecordedIsNotComparable() {
        session.register(0x08, 0x50_0000L | 8L << 56);
        session.register(0x2008, 16);
        session.events().completionStore(0x40_0000, 7);
        assertThat(replay().observations()).isEqualTo(new ReplayResult.Observations(0, 0, 0, 0, 1));
    }

    @Test
    void anAnswerIsComparedWithTheReadOfItsOwnRegisterOrWithTheRegister() {
        session.events().mmioRead(MmioSpace.HOST, 8, 0x08);
        session.events().mmioReadValue(MmioSpace.HOST, 8, RegisterReport.READ, 0x18, 0x1005);
        assertThat(replay().observations().matched()).isOne();
    }

    @Test
    void eventsOfAnotherIommuChangeNothingAndAreNamed() {
        session.events().iommu(1).mmioWrite(MmioSpace.HOST, 8, 0x18, 0);
        session.events().iommu(0);
        session.map(IOVA, PHYSICAL)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, PHYSICAL);
        ReplayResult result = replay();
        assertThat(result.notModelled()).containsEntry("SEVERAL_IOMMUS", 1L);
        assertThat(result.observations().matched()).isOne();
    }

    @Test
    void anEndlessRequestIsDecidedForItsFirstMebibyte() {
        session.events().dmaRequest(DmaAccess.READ, SmallSession.DEVICE, 0, -1, -1);
        ReplayResult result = replay();
        assertThat(result.faultCount()).isEqualTo(256);
        assertThat(result.notModelled()).containsEntry("LONG_REQUEST", 1L);
    }

    @Test
    void eachRefusedPageOfARequestHasItsOwnLogEntry() {
        session.events().dmaRequest(DmaAccess.READ, SmallSession.DEVICE, IOVA, 3 * 4096, -1);
        assertThat(replay().faults())
                .extracting(fault -> fault.entry().high())
                .containsExactly(IOVA, IOVA + 0x1000, IOVA + 0x2000);
    }

    @Test
    void aMissingDeviceTableLowersTheFidelity() {
        session.register(0x00, 0x70_0000)
                .dma(DmaAccess.READ, IOVA)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, IOVA, PHYSICAL);
        assertThat(replay().fidelity()).isEqualTo("observed");
    }
}
