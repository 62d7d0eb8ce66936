package org.iorewind.analyze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.rule.Fidelity;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.RulePass;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.model.platform.CallNames;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ModelOptions;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.ExitReason;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.MmioSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Device TLBs, cached absence, and the guest's view: each planted mistake beside the same work done right. */
class CacheRulesTest {
    private static final long IOVA = 0x5000;
    private static final long OTHER_IOVA = 0x9000;
    private static final long PAGE = 0x12_3000;
    private static final long OTHER_PAGE = 0x45_6000;
    private static final long STORE = 0x40_0000;
    /** PPRSup, IASup, HATS=2. */
    private static final long FEATURES = 1L << 1 | 1L << 6 | 2L << 10;

    private static final long READ_WRITE = 3L << 61;
    private static final long DEVICE_ENTRY = SmallSession.DEVICE_TABLE + SmallSession.DEVICE * 32L;
    private static final int NEIGHBOUR = SmallSession.DEVICE + 1;
    private static final int GUEST = 3;
    static final int GUEST_DEVICE = 0x20;
    private static final long GUEST_TABLE = 0x6000;

    @TempDir
    Path folder;

    private static List<Finding> serious(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .filter(finding -> !finding.rule().id().equals("open-by-default"))
                .toList();
    }

    private static List<Finding> findings(SmallSession session, ReplayOptions options) {
        try (TraceReader trace = session.open()) {
            return serious(Analyses.analyze(trace, options).rules().findings());
        }
    }

    private static void only(List<Finding> found, String rule) {
        assertThat(found).extracting(finding -> finding.rule().id()).containsOnly(rule);
    }

    /** A session in which the device may ask for translations (I=1 in its entry). */
    private SmallSession ats() {
        SmallSession session = SmallSession.observing(folder.resolve("ats.iorw"), 0, 0, FEATURES);
        session.store(DEVICE_ENTRY + 8, SmallSession.DOMAIN | 1L << 32);
        session.command(2L << 60 | SmallSession.DEVICE, 0);
        return waited(session);
    }

    private static SmallSession waited(SmallSession session) {
        return session.command(1L << 60 | STORE | 1, 7);
    }

    private static void ask(SmallSession session, long address) {
        session.events().atsRequest(false, SmallSession.DEVICE, address, 4096, EventWriter.NO_PASID);
    }

    private static void flush(SmallSession session, long address) {
        session.command(3L << 60 | (long) SmallSession.DOMAIN << 32, address);
    }

    private static void flushDevice(SmallSession session, long address) {
        session.command(4L << 60 | SmallSession.DEVICE, address);
    }

    private static void answered(SmallSession session) {
        session.events().invalidateResponse(InvalidationOutcome.ANSWERED, SmallSession.DEVICE, 1);
    }

    @Test
    void aDeviceThatIsNotToldThatItsTranslationIsGoneIsSeen() {
        SmallSession session = ats().map(IOVA, PAGE);
        ask(session, IOVA);
        session.unmap(IOVA);
        flush(session, IOVA);
        waited(session);
        session.map(IOVA, OTHER_PAGE);
        List<Finding> found = findings(session, ReplayOptions.defaults());
        only(found, "device-tlb-not-invalidated");
        assertThat(found.get(0).where().device()).isEqualTo(SmallSession.DEVICE);
        assertThat(found.get(0).evidence()).hasSize(2);
    }

    @Test
    void aDeviceThatIsToldIsRight() {
        SmallSession session = ats().map(IOVA, PAGE);
        ask(session, IOVA);
        session.unmap(IOVA);
        flush(session, IOVA);
        flushDevice(session, IOVA);
        answered(session);
        waited(session);
        session.map(IOVA, OTHER_PAGE);
        assertThat(findings(session, ReplayOptions.defaults())).isEmpty();
    }

    @Test
    void aDeviceThatNeverAskedHoldsNothing() {
        SmallSession session = ats().map(IOVA, PAGE).dma(DmaAccess.READ, IOVA).unmap(IOVA);
        flush(session, IOVA);
        waited(session);
        session.map(IOVA, OTHER_PAGE);
        assertThat(findings(session, ReplayOptions.defaults())).isEmpty();
    }

    /** What it does with the translation that it was given, nobody sees: the page counts as used, and as written where it may be. */
    @Test
    void aPageThatADeviceWasGivenIsUsed() {
        SmallSession session = ats().map(IOVA, PAGE).map(OTHER_IOVA, OTHER_PAGE);
        session.dma(DmaAccess.WRITE, OTHER_IOVA);
        ask(session, IOVA);
        session.unmap(IOVA);
        flush(session, IOVA);
        flushDevice(session, IOVA);
        answered(session);
        waited(session);
        try (TraceReader trace = session.open()) {
            assertThat(Analyses.analyze(trace, ReplayOptions.defaults()).rules().findings())
                    .extracting(finding -> finding.rule().id())
                    .doesNotContain("wider-than-used", "more-writable-than-used");
        }
    }

    @Test
    void aChangeThatYoungerRequestsPassedOverIsSeenAtTheEnd() {
        SmallSession session = ats().map(IOVA, PAGE).map(OTHER_IOVA, OTHER_PAGE);
        ask(session, IOVA);
        ask(session, OTHER_IOVA);
        session.unmap(IOVA).unmap(OTHER_IOVA);
        flush(session, IOVA);
        flush(session, OTHER_IOVA);
        flushDevice(session, OTHER_IOVA);
        answered(session);
        waited(session);
        only(findings(session, ReplayOptions.defaults()), "device-tlb-not-invalidated");
    }

    /** What QEMU's profile says of absence, on hardware that is otherwise as specified. */
    private static ReplayOptions cachingAbsence() {
        return ReplayOptions.defaults().withModel(ModelOptions.of(List.of("npcache=on")));
    }

    private SmallSession mapped() {
        return SmallSession.running(folder.resolve("np.iorw")).map(IOVA, PAGE);
    }

    @Test
    void aMappingThatIsUsedBeforeItsInvalidationIsSeenWhereAbsenceIsCached() {
        SmallSession session = mapped().dma(DmaAccess.READ, IOVA);
        List<Finding> found = findings(session, cachingAbsence());
        only(found, "map-not-invalidated");
        assertThat(found.get(0).summary()).contains("0x5000");
    }

    @Test
    @Timeout(60)
    void anInvalidationOfTheLastPageOfAllAddressesEnds() {
        SmallSession session = mapped().command(3L << 60 | (long) SmallSession.DOMAIN << 32, -4096)
                .dma(DmaAccess.READ, IOVA);
        only(findings(session, cachingAbsence()), "map-not-invalidated");
    }

    @Test
    void aMappingThatIsRefusedBeforeItsInvalidationIsSeen() {
        SmallSession session = SmallSession.running(folder.resolve("np.iorw"))
                .dma(DmaAccess.READ, IOVA)
                .map(IOVA, PAGE)
                .map(OTHER_IOVA, OTHER_PAGE)
                .dma(DmaAccess.READ, IOVA);
        List<Finding> found = findings(session, cachingAbsence());
        only(found, "map-not-invalidated");
        assertThat(found.get(0).summary()).contains("0x5000 was refused");
        assertThat(found.get(0).count()).isOne();
    }

    @Test
    void aPageThatIsNotMappedMayBeRefused() {
        SmallSession session = SmallSession.running(folder.resolve("np.iorw"))
                .map(OTHER_IOVA, OTHER_PAGE)
                .dma(DmaAccess.READ, IOVA);
        assertThat(findings(session, cachingAbsence())).isEmpty();
    }

    @Test
    void aMappingThatIsInvalidatedFirstIsRight() {
        SmallSession session = mapped();
        flush(session, IOVA);
        waited(session).dma(DmaAccess.READ, IOVA);
        assertThat(findings(session, cachingAbsence())).isEmpty();
    }

    @Test
    void whereAbsenceIsNotCachedAMappingNeedsNoInvalidation() {
        SmallSession session = mapped().dma(DmaAccess.READ, IOVA);
        assertThat(findings(session, ReplayOptions.defaults())).isEmpty();
    }

    /**
     * A guest whose memory the tables of domain 5 lead to has its device table at {@link #GUEST_TABLE}, and invalidates the
     * entry of a device that is one of the host's.
     *
     * @param entry first quadword of that entry
     */
    private List<Finding> guestWrites(long entry) {
        return guestWrites(entry, 2L << 60 | GUEST_DEVICE, 0);
    }

    private List<Finding> guestSends(long qword0, long qword1) {
        return guestWrites(3, qword0, qword1);
    }

    private List<Finding> guestWrites(long entry, long qword0, long qword1) {
        SmallSession session = SmallSession.running(folder.resolve("guest.iorw"));
        return serious(guestWrites(session, entry, qword0, qword1));
    }

    /**
     * What all rules find where a guest of this session stores an entry of its device table and sends a command.
     *
     * @param entry first quadword
     */
    static List<Finding> guestWrites(SmallSession session, long entry, long qword0, long qword1) {
        session.map(GUEST_TABLE, PAGE);
        session.page(PAGE);
        session.store(DEVICE_ENTRY + 32, SmallSession.LEVEL_3 | 3L << 9 | READ_WRITE | 3);
        session.store(DEVICE_ENTRY + 40, SmallSession.DOMAIN);
        session.command(2L << 60 | NEIGHBOUR, 0);
        waited(session);
        control(session, 0x00, 1L << 63 | (long) GUEST_DEVICE << 46 | (long) SmallSession.DEVICE << 14 | 1);
        control(session, 0x10, (long) NEIGHBOUR << 16);
        session.events().guest(GUEST).vmExit(ExitReason.MMIO, 0, 0);
        session.events().guest(EventWriter.NO_GUEST);
        session.events().driverCall(CallPhase.ENTER, 0xFFFF, 0, 0, GUEST_TABLE, 1, CallNames.MMIO_ACCESS, "");
        session.store(PAGE + GUEST_DEVICE * 32L, entry);
        session.events().mark(1, "the guest invalidates the entry");

        ProtocolAnalyzer analyzer = new ProtocolAnalyzer();
        RulePass pass = new RulePass(List.of(analyzer));
        ReplayListener[] rules = pass.listeners();
        ReplayListener[] all = Arrays.copyOf(rules, rules.length + 1);
        all[rules.length] = new ReplayListener() {
            @Override
            public void before(EventView event, Machine machine) {
                if (event.kind() == EventKind.MARK) {
                    // As hardware vIOMMU tells that it took the command from the guest's ring.
                    analyzer.guestCommandFetched(GUEST, 0, 16, qword0, qword1);
                }
            }
        };
        try (TraceReader trace = session.open()) {
            Playback played = Replay.play(trace, ReplayOptions.defaults(), all);
            return pass.finish(Fidelity.FULL, played.machine()).findings();
        }
    }

    private static void control(SmallSession session, int offset, long value) {
        session.events().mmioWrite(MmioSpace.VF_CONTROL, 8, GUEST * 64L + offset, value);
    }

    /** V, TV and GV with a GCR3 root: the host's entry of the device has no guest tables. */
    @Test
    void anEntryOfAGuestThatTheHostDidNotTakeOverIsSeen() {
        List<Finding> found = guestWrites(1L << 55 | 3);
        only(found, "guest-host-view");
        assertThat(found.get(0).where().device()).isEqualTo(SmallSession.DEVICE);
        assertThat(found.get(0).summary()).contains("no guest tables");
    }

    @Test
    void reservedBitsOfAGuestsCommandAreSeen() {
        List<Finding> found = guestSends(8L << 60, 1);
        only(found, "reserved-bits");
        assertThat(found.get(0).summary()).contains("of guest " + GUEST);
    }

    /** V and TV without tables: so the host has it. */
    @Test
    void anEntryOfAGuestThatTheHostAgreesWithIsRight() {
        assertThat(guestWrites(3)).isEmpty();
    }
}
