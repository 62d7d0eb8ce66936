package org.iorewind.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.replay.SmallSession.DEVICE;
import static org.iorewind.replay.SmallSession.DEVICE_TABLE;
import static org.iorewind.replay.SmallSession.DOMAIN;

import java.nio.file.Path;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.PageRight;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Translation requests, translated requests, invalidations of devices and page responses of a trace. */
class AtsReplayTest {
    private static final long IOVA = 0x5000;
    private static final long PHYSICAL = 0x12_3000;
    private static final long STORE = 0x40_0000;
    /** PPRSup, IASup, HATS=2. */
    private static final long FEATURES = 1L << 1 | 1L << 6 | 2L << 10;

    private static final int RW = PageRight.KNOWN | PageRight.READ | PageRight.WRITE;

    @TempDir
    Path folder;

    private SmallSession session(long observes, int deviceOptions) {
        SmallSession session = SmallSession.observing(folder.resolve("ats.iorw"), observes, deviceOptions, FEATURES);
        session.store(DEVICE_TABLE + DEVICE * 32L + 8, DOMAIN | 1L << 32);
        session.command(2L << 60 | DEVICE, 0);
        return session;
    }

    private SmallSession session() {
        return session(0, 0);
    }

    private static ReplayResult replay(SmallSession session) {
        try (TraceReader trace = session.open()) {
            return Replay.run(trace, ReplayOptions.defaults());
        }
    }

    private static void ask(SmallSession session, long address) {
        session.events().atsRequest(false, DEVICE, address, 4096, EventWriter.NO_PASID);
    }

    private static void answered(
            SmallSession session, TranslationOutcome outcome, int rights, long address, long result, int shift) {
        session.events()
                .translation(
                        outcome,
                        CacheAnswer.MISS,
                        rights,
                        DEVICE,
                        DOMAIN,
                        EventWriter.NO_PASID,
                        address,
                        result,
                        shift);
    }

    @Test
    void anAgreeingAnswerMatches() {
        SmallSession session = session().map(IOVA, PHYSICAL);
        ask(session, IOVA);
        answered(session, TranslationOutcome.TRANSLATED, RW, IOVA, PHYSICAL, 12);
        ask(session, IOVA + 0x1000);
        answered(session, TranslationOutcome.NO_RIGHTS, PageRight.KNOWN, IOVA + 0x1000, 0, 0);
        ReplayResult result = replay(session);
        assertThat(result.observations()).isEqualTo(new ReplayResult.Observations(2, 2, 0, 0, 0));
        assertThat(result.faultCount()).isZero();
        assertThat(result.notModelled()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSLATED, 3, 12000, 12, result",
        "TRANSLATED, 3, 123000, 21, pageShift",
        "TRANSLATED, 1, 123000, 12, rights",
        "TRANSLATED, 67, 123000, 12, rights",
        "NO_RIGHTS, 0, 0, 0, outcome",
        "FAULT, 0, 0, 0, outcome"
    })
    void aDifferentAnswerIsADivergence(TranslationOutcome outcome, int rights, String result, int shift, String field) {
        SmallSession session = session().map(IOVA, PHYSICAL);
        ask(session, IOVA);
        answered(session, outcome, PageRight.KNOWN | rights, IOVA, Long.parseLong(result, 16), shift);
        assertThat(replay(session).firstDivergences())
                .extracting(Divergence::field)
                .containsExactly(field);
    }

    @Test
    void everyAttributeOfAnAnswerIsCompared() {
        SmallSession session = session().store(SmallSession.LEVEL_1 + 40, PHYSICAL | 15L << 59 | 1);
        ask(session, IOVA);
        int attributes = PageRight.UNTRANSLATED_ONLY | PageRight.SNOOPED;
        answered(session, TranslationOutcome.TRANSLATED, RW | attributes, IOVA, PHYSICAL, 12);
        assertThat(replay(session).observations().matched()).isOne();
    }

    @Test
    void aRefusedTranslationRequestIsAFaultWithItsEvent() {
        SmallSession session = session();
        ask(session, 0xFD_0000_0000L);
        answered(session, TranslationOutcome.FAULT, 0, 0xFD_0000_0000L, 0, 0);
        ReplayResult result = replay(session);
        assertThat(result.observations().matched()).isOne();
        assertThat(result.faults()).hasSize(1);
        Fault fault = result.faults().get(0);
        assertThat(fault.decision()).isEqualTo(TranslationDecision.ABORTED);
        assertThat(fault.cause()).isEqualTo("the range has no translations");
        assertThat(fault.entry().low() >>> 60).isEqualTo(8);
    }

    @Test
    void aTranslatedRequestPassesPageByPage() {
        SmallSession session = session();
        session.events().dmaRequest(DmaAccess.WRITE_TRANSLATED, DEVICE, PHYSICAL + 0xF80, 256, EventWriter.NO_PASID);
        session.observed(TranslationOutcome.PASSED, CacheAnswer.MISS, PHYSICAL + 0xF80, PHYSICAL);
        session.observed(TranslationOutcome.PASSED, CacheAnswer.MISS, PHYSICAL + 0x1000, PHYSICAL + 0x1000);
        ReplayResult result = replay(session);
        assertThat(result.observations().matched()).isEqualTo(2);
        assertThat(result.faultCount()).isZero();
    }

    @Test
    void aTranslatedRequestOfADeviceWithoutAtsIsExplained() {
        SmallSession session = session();
        session.store(DEVICE_TABLE + DEVICE * 32L + 8, DOMAIN).command(2L << 60 | DEVICE, 0);
        session.events().dmaRequest(DmaAccess.READ_TRANSLATED, DEVICE, PHYSICAL, 64, EventWriter.NO_PASID);
        ReplayResult result = replay(session);
        assertThat(result.faults())
                .extracting(Fault::cause)
                .containsExactly("the device may not send translated requests");
    }

    @Test
    void withoutRecordedResponsesDevicesAnswerAtOnce() {
        SmallSession session =
                session(SessionInfo.observesBit(EventKind.COMPLETION_STORE), 0).page(STORE);
        session.command(4L << 60 | 1L << 24 | DEVICE, 0).command(1L << 60 | STORE | 1, 7);
        session.events().completionStore(STORE, 7);
        assertThat(replay(session).observations().matched()).isOne();
    }

    @Test
    void recordedResponsesAreWaitedFor() {
        SmallSession session = session(
                        SessionInfo.observesBit(EventKind.COMPLETION_STORE),
                        SessionInfo.INVALIDATION_RESPONSES_RECORDED)
                .page(STORE);
        session.command(4L << 60 | 1L << 24 | DEVICE, 0).command(1L << 60 | STORE | 1, 7);
        session.events().invalidateResponse(InvalidationOutcome.ANSWERED, DEVICE, 1);
        session.events().completionStore(STORE, 7);
        assertThat(replay(session).observations()).isEqualTo(new ReplayResult.Observations(1, 1, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aTimeOutIsAnEventAndEndsTheWait(boolean isInjected) {
        SmallSession session = session(
                        SessionInfo.observesBit(EventKind.COMPLETION_STORE),
                        SessionInfo.INVALIDATION_RESPONSES_RECORDED)
                .page(STORE);
        session.register(0x18, 1 | 1 << 2 | 1 << 12 | 1 << 5);
        session.command(4L << 60 | 1L << 24 | DEVICE, 0).command(1L << 60 | STORE | 1, 7);
        if (isInjected) {
            session.events().injected(InjectedAction.DEVICE_TIMEOUT, 0, DEVICE, 0, "pulled");
        } else {
            session.events().invalidateResponse(InvalidationOutcome.TIMED_OUT, DEVICE, 1);
        }
        session.events().logEntry(LogKind.EVENT, 0, 7L << 60 | DEVICE, -1, 0x20_0010, -1);
        session.events().completionStore(STORE, 7);
        assertThat(replay(session).observations()).isEqualTo(new ReplayResult.Observations(2, 2, 0, 0, 0));
    }

    @Test
    void pageResponsesAreCompared() {
        SmallSession session = session(SessionInfo.observesBit(EventKind.PAGE_RESPONSE), 0);
        respond(session, 5, 0);
        session.events().pageResponse(0, DEVICE, 5, EventWriter.NO_PASID);
        assertThat(replay(session).observations()).isEqualTo(new ReplayResult.Observations(1, 1, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"0, 30, 6, -1, group", "1, 30, 5, -1, code", "0, 31, 5, -1, requester", "0, 30, 5, 9, pasid"})
    void aDifferentPageResponseIsADivergence(int code, String requester, int group, int pasid, String field) {
        SmallSession session = session(0, 0);
        respond(session, 5, 0);
        session.events().pageResponse(code, Integer.parseInt(requester, 16), group, pasid);
        assertThat(replay(session).firstDivergences())
                .extracting(Divergence::field)
                .containsExactly(field);
    }

    @Test
    void missingAndUnexpectedPageResponsesAreDivergences() {
        SmallSession session = session(SessionInfo.observesBit(EventKind.PAGE_RESPONSE), 0);
        session.events().pageResponse(0, DEVICE, 5, EventWriter.NO_PASID);
        respond(session, 5, 0);
        assertThat(replay(session).firstDivergences())
                .extracting(Divergence::field)
                .containsExactly("response", "missing");
    }

    /** COMPLETE_PPR_REQUEST. */
    private static void respond(SmallSession session, long group, long code) {
        session.command(7L << 60 | DEVICE, code << 44 | group << 32);
    }
}
