package org.iorewind.analyze.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.analyze.protocol.RuleWork.DEVICE;
import static org.iorewind.analyze.protocol.RuleWork.DOMAIN;
import static org.iorewind.analyze.protocol.RuleWork.INTERRUPT_TABLE;
import static org.iorewind.analyze.protocol.RuleWork.IOVA;
import static org.iorewind.analyze.protocol.RuleWork.PAGE;
import static org.iorewind.analyze.protocol.RuleWork.READ_WRITE;
import static org.iorewind.analyze.protocol.RuleWork.STORE;
import static org.iorewind.analyze.protocol.RuleWork.answered;
import static org.iorewind.analyze.protocol.RuleWork.ats;
import static org.iorewind.analyze.protocol.RuleWork.dmaOf;
import static org.iorewind.analyze.protocol.RuleWork.enter;
import static org.iorewind.analyze.protocol.RuleWork.entry;
import static org.iorewind.analyze.protocol.RuleWork.flush;
import static org.iorewind.analyze.protocol.RuleWork.flushed;
import static org.iorewind.analyze.protocol.RuleWork.given;
import static org.iorewind.analyze.protocol.RuleWork.interruptOf;
import static org.iorewind.analyze.protocol.RuleWork.mapControl;
import static org.iorewind.analyze.protocol.RuleWork.ownedAndNaming;
import static org.iorewind.analyze.protocol.RuleWork.remapping;
import static org.iorewind.analyze.protocol.RuleWork.told;
import static org.iorewind.analyze.protocol.RuleWork.two;
import static org.iorewind.analyze.protocol.RuleWork.unmapped;
import static org.iorewind.analyze.protocol.RuleWork.used;
import static org.iorewind.analyze.protocol.RuleWork.waited;
import static org.iorewind.analyze.protocol.RuleWork.waiting;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.replay.ModelOptions;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.GapReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule has a pair of sessions: in one its mistake is planted, and it is all that is found, notes included; the other is nearly
 * the same work, done right, and nothing is found in it.
 */
class RulePairsTest {
    private static final int NEIGHBOUR = DEVICE + 1;
    private static final int QUIET = 0x08;
    private static final long OTHER_IOVA = 0x9000;
    private static final long OTHER_PAGE = 0x45_6000;
    private static final long NEW_TABLE = 0x30_3000;
    /** Place of the fifth command, behind those that make up the entry, a request to the device and a wait. */
    private static final long LAST_OF_THE_RING = SmallSession.RING + 4 * 16;
    /** INVALIDATE_DEVTAB_ENTRY, as the guest numbers its device. */
    private static final long GUEST_ENTRY_CHANGED = 2L << 60 | CacheRulesTest.GUEST_DEVICE;

    /** IR=1, IW=0. */
    private static final long READ_ONLY = PAGE | 1L << 61 | 1;

    private static final long BLOCKED = 3;
    private static final long WHOLE = 0x7FFF_FFFF_FFFF_F000L;
    private static final long PDE = 2;
    private static final long WIDE = 1;
    /** PPRSup, IASup, HATS=2. */
    private static final long FEATURES = 1L << 1 | 1L << 6 | 2L << 10;
    /** IommuEn, EventLogEn, CmdBufEn. */
    private static final long ALL_ON = 1 | 1 << 2 | 1 << 12;

    @TempDir
    Path folder;

    /** A rule, and what is found in a session with its mistake and in the one without. */
    private record Pair(
            String rule, Function<SmallSession, List<Finding>> planted, Function<SmallSession, List<Finding>> right) {
        private Pair(Consumer<SmallSession> planted, Consumer<SmallSession> right, String rule, ReplayOptions options) {
            this(rule, after(planted, options), after(right, options));
        }

        private static Function<SmallSession, List<Finding>> after(Consumer<SmallSession> work, ReplayOptions options) {
            return session -> {
                work.accept(session);
                return findings(session, options);
            };
        }

        @Override
        public String toString() {
            return rule;
        }
    }

    private static Pair pair(String rule, Consumer<SmallSession> planted, Consumer<SmallSession> right) {
        return new Pair(planted, right, rule, ReplayOptions.defaults());
    }

    private static List<Finding> findings(SmallSession session, ReplayOptions options) {
        try (TraceReader trace = session.open()) {
            return Analyses.analyze(trace, options).rules().findings();
        }
    }

    private static ReplayOptions cachingAbsence() {
        return ReplayOptions.defaults().withModel(ModelOptions.of(List.of("npcache=on")));
    }

    private SmallSession session() {
        return SmallSession.blocking(
                folder.resolve("trace.iorw"), SessionInfo.INVALIDATION_RESPONSES_RECORDED, FEATURES);
    }

    private static void repeat(int times, Runnable what) {
        for (int i = 0; i < times; i++) {
            what.run();
        }
    }

    private static Stream<Pair> pairs() {
        return Stream.of(changes(), tables(), entries(), rings(), guests()).flatMap(pairs -> pairs);
    }

    private static Stream<Pair> changes() {
        long flush0 = 3L << 60 | (long) DOMAIN << 32;
        long wait0 = 1L << 60 | STORE | 1;
        return Stream.of(
                pair(
                        "stale-translation",
                        s -> flushed(unmapped(s).dma(DmaAccess.WRITE, IOVA), IOVA),
                        s -> flushed(used(s).dma(DmaAccess.WRITE, IOVA).unmap(IOVA), IOVA)),
                pair(
                        "missing-invalidation",
                        s -> unmapped(s).map(IOVA, OTHER_PAGE),
                        s -> flushed(unmapped(s), IOVA).map(IOVA, OTHER_PAGE)),
                pair(
                        "stale-translation",
                        s -> used(s).store(SmallSession.LEVEL_1 + 5 * 8, READ_ONLY)
                                .dma(DmaAccess.WRITE, IOVA),
                        s -> flushed(used(s).store(SmallSession.LEVEL_1 + 5 * 8, READ_ONLY), IOVA)
                                .dma(DmaAccess.READ, IOVA)),
                pair(
                        "missing-invalidation",
                        s -> flushed(
                                unmapped(s)
                                        .map(OTHER_IOVA, OTHER_PAGE)
                                        .dma(DmaAccess.WRITE, OTHER_IOVA)
                                        .unmap(OTHER_IOVA),
                                OTHER_IOVA),
                        s -> flushed(
                                flush(unmapped(s), IOVA)
                                        .map(OTHER_IOVA, OTHER_PAGE)
                                        .dma(DmaAccess.WRITE, OTHER_IOVA)
                                        .unmap(OTHER_IOVA),
                                OTHER_IOVA)),
                pair(
                        "late-invalidation",
                        s -> flushed(unmapped(s).map(OTHER_IOVA, PAGE), IOVA),
                        s -> flushed(unmapped(s), IOVA).map(OTHER_IOVA, PAGE)),
                pair(
                        "wide-invalidation",
                        s -> repeat(4, () -> waited(unmapped(s).flush())),
                        s -> repeat(4, () -> flushed(unmapped(s), IOVA))),
                pair(
                        "redundant-invalidation",
                        s -> {
                            unmapped(s);
                            repeat(5, () -> flushed(s, IOVA));
                        },
                        s -> repeat(5, () -> flushed(unmapped(s), IOVA))),
                pair(
                        "wrong-domain-invalidation",
                        s -> waited(unmapped(s).command(3L << 60 | (long) (DOMAIN + 1) << 32, IOVA))
                                .map(IOVA, OTHER_PAGE),
                        s -> flushed(unmapped(s), IOVA).map(IOVA, OTHER_PAGE)),
                pair(
                        "wait-omitted",
                        s -> flush(unmapped(s), IOVA).map(IOVA, OTHER_PAGE),
                        s -> flushed(unmapped(s), IOVA).map(IOVA, OTHER_PAGE)),
                pair(
                        "wait-misordered",
                        s -> two(unmapped(s), wait0, 7, flush0, IOVA).map(IOVA, OTHER_PAGE),
                        s -> two(unmapped(s), flush0, IOVA, wait0, 7).map(IOVA, OTHER_PAGE)),
                pair("device-tlb-not-invalidated", s -> waited(given(s)).map(IOVA, OTHER_PAGE), s -> {
                    given(s).command(4L << 60 | DEVICE, IOVA);
                    answered(s);
                    waited(s).map(IOVA, OTHER_PAGE);
                }),
                new Pair(
                        s -> s.map(IOVA, PAGE).dma(DmaAccess.WRITE, IOVA),
                        s -> flushed(s.map(IOVA, PAGE), IOVA).dma(DmaAccess.WRITE, IOVA),
                        "map-not-invalidated",
                        cachingAbsence()),
                pair(
                        "recording-gap",
                        s -> {
                            unmapped(s).events().gap(GapReason.SOURCE_LOST, 5, 0, "");
                            flushed(s, IOVA);
                        },
                        s -> flushed(unmapped(s), IOVA)));
    }

    private static Stream<Pair> tables() {
        return Stream.of(
                pair(
                        "table-without-pde",
                        s -> flushed(s.store(SmallSession.LEVEL_2, 0), 0),
                        s -> flushed(s.store(SmallSession.LEVEL_2, 0), PDE)),
                pair(
                        "table-reused",
                        s -> s.store(SmallSession.LEVEL_2, 0).store(SmallSession.LEVEL_1 + 64, 0xDEAD_BEEF_0001L),
                        s -> flushed(s.store(SmallSession.LEVEL_2, 0), PDE)
                                .store(SmallSession.LEVEL_1 + 64, 0xDEAD_BEEF_0001L)),
                pair(
                        "more-writable-than-used",
                        s -> flushed(s.map(IOVA, PAGE).dma(DmaAccess.READ, IOVA).unmap(IOVA), IOVA),
                        s -> flushed(
                                s.map(IOVA, PAGE).dma(DmaAccess.WRITE, IOVA).unmap(IOVA), IOVA)),
                pair(
                        "wider-than-used",
                        s -> {
                            used(s).map(OTHER_IOVA, OTHER_PAGE);
                            flushed(s.unmap(OTHER_IOVA), OTHER_IOVA);
                        },
                        s -> {
                            used(s).map(OTHER_IOVA, OTHER_PAGE).dma(DmaAccess.WRITE, OTHER_IOVA);
                            flushed(s.unmap(OTHER_IOVA), OTHER_IOVA);
                        }),
                pair("tables-reachable", s -> s.map(IOVA, SmallSession.LEVEL_1), s -> s.map(IOVA, PAGE)),
                pair("tables-reachable", s -> s.map(IOVA, SmallSession.RING), s -> s.map(IOVA, PAGE)),
                pair("tables-reachable", s -> s.map(IOVA, SmallSession.EVENT_LOG), s -> s.map(IOVA, PAGE)),
                pair(
                        "reserved-bits",
                        s -> s.store(SmallSession.LEVEL_1 + 8, PAGE | READ_WRITE | 1L << 53 | 1),
                        s -> s.store(SmallSession.LEVEL_1 + 8, PAGE | READ_WRITE | 1)));
    }

    private static Stream<Pair> entries() {
        return Stream.of(
                pair(
                        "device-entry-not-invalidated",
                        s -> {
                            used(s).store(entry(DEVICE) + 8, DOMAIN + 1);
                            flushed(s, WHOLE | WIDE | PDE).dma(DmaAccess.WRITE, IOVA);
                        },
                        s -> {
                            used(s).store(entry(DEVICE) + 8, DOMAIN + 1);
                            s.command(2L << 60 | DEVICE, 0);
                            flushed(s, WHOLE | WIDE | PDE).dma(DmaAccess.WRITE, IOVA);
                        }),
                pair(
                        "interrupt-entry-not-invalidated",
                        s -> interruptOf(interruptOf(remapping(s), DEVICE).store(INTERRUPT_TABLE, 0x40_0001), DEVICE),
                        s -> interruptOf(
                                waited(interruptOf(remapping(s), DEVICE)
                                        .store(INTERRUPT_TABLE, 0x40_0001)
                                        .command(5L << 60 | DEVICE, 0)),
                                DEVICE)),
                pair(
                        "alias-forgotten",
                        s -> dmaOf(s.map(IOVA, PAGE).store(entry(NEIGHBOUR), BLOCKED), NEIGHBOUR),
                        s -> dmaOf(enter(s.map(IOVA, PAGE), NEIGHBOUR, SmallSession.LEVEL_3, DOMAIN), NEIGHBOUR)),
                pair(
                        "shared-domain-id",
                        s -> enter(s.page(NEW_TABLE), NEIGHBOUR, NEW_TABLE, DOMAIN),
                        s -> enter(s.page(NEW_TABLE), NEIGHBOUR, NEW_TABLE, DOMAIN + 1)),
                pair(
                        "open-by-default",
                        s -> told(s.store(entry(QUIET), 0), QUIET),
                        s -> told(s.store(entry(QUIET), BLOCKED), QUIET)),
                pair(
                        "open-entry-used",
                        s -> told(
                                dmaOf(told(s.store(entry(QUIET), 0), QUIET), QUIET)
                                        .store(entry(QUIET), BLOCKED),
                                QUIET),
                        s -> dmaOf(
                                told(told(s.store(entry(QUIET), 0), QUIET).store(entry(QUIET), BLOCKED), QUIET),
                                QUIET)),
                pair(
                        "interrupt-hole",
                        s -> interruptOf(interruptOf(remapping(s), DEVICE), QUIET),
                        s -> interruptOf(interruptOf(remapping(remapping(s), QUIET), DEVICE), QUIET)),
                pair("interrupts-open", s -> interruptOf(s, DEVICE), s -> interruptOf(remapping(s), DEVICE)));
    }

    private static Stream<Pair> rings() {
        return Stream.of(
                pair("reserved-bits", s -> s.command(8L << 60, 1), s -> s.command(8L << 60, 0)),
                pair("ring-overrun", s -> waiting(ats(s)).store(LAST_OF_THE_RING, 1L << 60), s -> {
                    waiting(ats(s));
                    answered(s);
                    s.store(LAST_OF_THE_RING, 1L << 60);
                }),
                pair(
                        "tail-while-stopped",
                        s -> waited(s.register(0x18, ALL_ON & ~(1L << 12))),
                        s -> waited(s.register(0x18, ALL_ON & ~(1L << 12)).register(0x18, ALL_ON))),
                pair(
                        "base-while-running",
                        s -> s.register(0x08, 0x22_0000L | 8L << 56),
                        s -> s.register(0x18, ALL_ON & ~(1L << 12))
                                .register(0x08, 0x22_0000L | 8L << 56)
                                .register(0x18, ALL_ON)),
                pair(
                        "base-while-running",
                        s -> s.register(0x10, 0x22_0000L | 8L << 56),
                        s -> s.register(0x18, ALL_ON & ~(1L << 2))
                                .register(0x10, 0x22_0000L | 8L << 56)
                                .register(0x18, ALL_ON)),
                pair(
                        "pointer-out-of-ring",
                        s -> s.register(0x18, ALL_ON & ~(1L << 12)).register(0x2008, 0x1000),
                        s -> s.register(0x18, ALL_ON & ~(1L << 12)).register(0x2008, 0)),
                pair(
                        "log-overflow",
                        s -> repeat(256, () -> s.dma(DmaAccess.READ, IOVA)),
                        s -> repeat(255, () -> s.dma(DmaAccess.READ, IOVA))),
                pair(
                        "events-not-logged",
                        s -> s.register(0x18, ALL_ON & ~(1L << 2)).dma(DmaAccess.READ, IOVA),
                        s -> s.register(0x18, ALL_ON).dma(DmaAccess.READ, IOVA)));
    }

    private static Stream<Pair> guests() {
        return Stream.of(
                pair(
                        "domain-map-shared",
                        s -> {
                            mapControl(s, 1, 8, 0x25, 0x300);
                            mapControl(s, 2, 8, 0x25, 0x300);
                        },
                        s -> {
                            mapControl(s, 1, 8, 0x25, 0x300);
                            mapControl(s, 2, 8, 0x25, 0x301);
                        }),
                pair(
                        "device-map-shared",
                        s -> {
                            mapControl(s, 1, 0, 0x20, 0x4100);
                            mapControl(s, 2, 0, 0x20, 0x4100);
                        },
                        s -> {
                            mapControl(s, 1, 0, 0x20, 0x4100);
                            mapControl(s, 2, 0, 0x20, 0x4108);
                        }),
                pair("device-map-mismatch", s -> ownedAndNaming(s, 2), s -> ownedAndNaming(s, 1)),
                new Pair(
                        "guest-host-view",
                        s -> CacheRulesTest.guestWrites(s, 1L << 55 | 3, GUEST_ENTRY_CHANGED, 0),
                        s -> CacheRulesTest.guestWrites(s, 3, GUEST_ENTRY_CHANGED, 0)),
                new Pair(
                        "reserved-bits",
                        s -> CacheRulesTest.guestWrites(s, 3, 8L << 60, 1),
                        s -> CacheRulesTest.guestWrites(s, 3, 8L << 60, 0)));
    }

    private static List<String> rules(List<Finding> findings) {
        return findings.stream().map(finding -> finding.rule().id()).distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aPlantedMistakeIsAllThatIsFound(Pair pair) {
        assertThat(rules(pair.planted().apply(session()))).containsExactly(pair.rule());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void inTheSameWorkDoneRightNothingIsFound(Pair pair) {
        assertThat(rules(pair.right().apply(session()))).isEmpty();
    }

    @Test
    void everyRuleHasAPair() {
        assertThat(pairs().map(Pair::rule).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        ProtocolRules.all().stream().map(Rule::id).toList());
    }

    @Test
    void aSessionInWhichNothingHappensIsRight() {
        assertThat(rules(findings(session(), ReplayOptions.defaults()))).isEmpty();
    }
}
