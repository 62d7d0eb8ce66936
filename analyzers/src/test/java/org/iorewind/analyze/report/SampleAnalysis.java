package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.EventMix;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.Happening;
import org.iorewind.analyze.Verdict;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.performance.PerformanceWatcher;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Divergence;
import org.iorewind.replay.Fault;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/** Analyses made by hand: one as a boot with three bad DMA requests gives it, one clean, one hostile, one huge. */
final class SampleAnalysis {
    static final String HOSTILE = "</title><script>alert('x')</script>\u001b[2J\u202e\"&\ud800<img src=x onerror=y>";

    private SampleAnalysis() {}

    static Analysis typical() {
        return analysis("fault.iorw", List.of(neverMapped(), unmapped()), List.of(divergence("Translation")), "full");
    }

    static Analysis clean() {
        Analysis all = analysis("clean boot.iorw", List.of(), List.of(), "full");
        ReplayResult r = all.replay();
        ReplayResult clean = new ReplayResult(
                r.session(),
                r.profile(),
                r.events(),
                r.byKind(),
                new ReplayResult.Observations(30_406, 30_406, 0, 0, 0),
                List.of(),
                new TreeMap<>(),
                List.of(),
                0,
                0,
                "full",
                new TreeMap<>(),
                new TreeMap<>(),
                r.stateHash(),
                true,
                r.lastTimeNs());
        return new Analysis(
                all.tracePath(),
                clean,
                List.of(),
                RuleReport.none(),
                new PerformanceWatcher().result(List.of(), List.of()),
                new CostWatcher().table(),
                all.mix(),
                List.of());
    }

    static Analysis hostile() {
        List<String> lines = List.of(HOSTILE, HOSTILE);
        FaultExplanation fault = new FaultExplanation(
                7,
                7,
                1,
                -5,
                0,
                HOSTILE,
                -1,
                -1L,
                -1L,
                HOSTILE,
                -1,
                Verdict.CANNOT_TELL,
                HOSTILE,
                lines,
                lines,
                List.of(new FaultExplanation.WalkStep(HOSTILE, 0x1000, HOSTILE, HOSTILE)),
                List.of(new Happening(1, -9, HOSTILE)),
                lines,
                lines,
                HOSTILE);
        return analysis(HOSTILE, List.of(fault), List.of(divergence(HOSTILE)), "observed");
    }

    static Analysis huge(int faults) {
        List<FaultExplanation> all = new ArrayList<>();
        List<Happening> history = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            history.add(new Happening(i, i, "x".repeat(60_000)));
        }
        for (int i = 0; i < faults; i++) {
            FaultExplanation f = unmapped();
            all.add(new FaultExplanation(
                    i,
                    i,
                    1,
                    i,
                    0,
                    f.device(),
                    -1,
                    i,
                    i,
                    f.access(),
                    1,
                    f.verdict(),
                    f.summary(),
                    f.flags(),
                    f.walk(),
                    f.steps(),
                    history,
                    f.cannotTell(),
                    f.next(),
                    f.event()));
        }
        return analysis("huge.iorw", all, List.of(), "full");
    }

    static FaultExplanation neverMapped() {
        return new FaultExplanation(
                26_412,
                26_427,
                4,
                9_812_345_678L,
                0,
                "00:06.0",
                -1,
                0x10_0000,
                0x10_000c,
                "read",
                6,
                Verdict.NEVER_MAPPED,
                "Device 00:06.0 (edu) read 16 bytes at 0x100000. Its domain 6 never held a mapping there: the driver"
                        + " did not map this address, or gave the device a wrong one.",
                List.of("RW=0: a read", "PR=0: the page was not present", "I=0: a DMA request, not an interrupt"),
                List.of(
                        "device table entry of 00:06.0 at 0x11c00c0: V=1 TV=1 Mode=3 root 0x17a2000, rights rw",
                        "level 3 entry at 0x17a2000: points to a level-2 table at 0x17a3000, rights rw",
                        "level 2 entry at 0x17a3000: not present"),
                List.of(
                        new FaultExplanation.WalkStep(
                                "device table", 0x11c_00c0, "= 0x60000000017a2603", "Mode=3 DomainID 0x6"),
                        new FaultExplanation.WalkStep(
                                "level 3", 0x17a_2000, "= 0x60000000017a3401", "points to 0x17a3000"),
                        new FaultExplanation.WalkStep("level 2", 0x17a_3000, "= 0x0", "not present")),
                List.of(
                        new Happening(18_003, 4_201_000_000L, "device table entry of 00:06.0 set: domain 6, Mode 3"),
                        new Happening(18_007, 4_201_120_000L, "device table entry of 00:06.0 invalidated"),
                        new Happening(26_398, 9_811_000_000L, "console: edu: starting DMA from 0x100000")),
                List.of("The driver's own calls were not recorded, so which function gave the address is not known."),
                List.of(
                        "Look for who programs the edu device with 0x100000: iorewind dump fault.iorw --from 26390",
                        "Map the buffer with dma_map_single() and hand the returned address to the device."),
                "IO_PAGE_FAULT");
    }

    static FaultExplanation unmapped() {
        return new FaultExplanation(
                40_001,
                40_001,
                1,
                12_300_000_000L,
                0,
                "00:02.0",
                -1,
                0xffff_e000L,
                0xffff_e000L,
                "write",
                2,
                Verdict.UNMAPPED_BEFORE,
                "Device 00:02.0 wrote to 0xffffe000 after the driver had unmapped it.",
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        new Happening(39_100, 12_100_000_000L, "mapped to 0x10aa2000 (level-1 entry written)"),
                        new Happening(39_120, 12_100_300_000L, "used 12 times by 00:02.0"),
                        new Happening(39_960, 12_299_000_000L, "unmapped (level-1 entry cleared)"),
                        new Happening(39_970, 12_299_100_000L, "domain 2 invalidated")),
                List.of(),
                List.of("Let the driver wait for the device before it unmaps."),
                "IO_PAGE_FAULT");
    }

    private static Divergence divergence(String kind) {
        return new Divergence(
                812,
                810,
                kind,
                "result",
                "0x10aa2000",
                "0x10aa3000",
                "",
                "level 1 entry at 0x17a3ff0 = 0x30000010aa3001");
    }

    private static Analysis analysis(
            String path, List<FaultExplanation> faults, List<Divergence> divergences, String fidelity) {
        TreeMap<String, Long> kinds = new TreeMap<>();
        EventMix mix = mix();
        for (EventMix.Row row : mix.kinds()) {
            kinds.put(row.kind(), MixSection.sum(row.counts(), 0, row.counts().length));
        }
        TreeMap<String, Long> known = new TreeMap<>();
        known.put("Q-EVT-2", 44L);
        known.put("Q-IOTLB-1", 2L);
        TreeMap<String, Long> notRecorded = new TreeMap<>();
        notRecorded.put("LOG", 3L);
        SessionInfo session = new SessionInfo(
                0x0123_4567_89ab_cdefL,
                0x0f1e_2d3c_4b5a_6978L,
                Fidelity.FULL,
                StartState.RESET,
                1,
                1_795_358_786_057_986_000L,
                0xfed8_0000L,
                0x29d3,
                0,
                0,
                0,
                "qemu-11.1",
                "iorewind import qemu-log",
                "QEMU 11.1 amd-iommu at 0xfed80000",
                "Every register write and every store to IOMMU tables is in the trace, in order. Missing: values of"
                        + " register reads, the kind of access and length of DMA requests.");
        List<Fault> requests = new ArrayList<>();
        long count = 0;
        for (FaultExplanation f : faults) {
            requests.add(new Fault(
                    f.sequence(),
                    f.timeNs(),
                    0,
                    0x30,
                    f.firstAddress(),
                    "page not present",
                    TranslationDecision.PAGE_NOT_PRESENT,
                    null,
                    true));
            count += f.count();
        }
        ReplayResult replay = new ReplayResult(
                session,
                "qemu-11.1",
                112_181,
                kinds,
                new ReplayResult.Observations(61_000, 60_953, 46, divergences.size(), 120),
                divergences,
                known,
                requests,
                count,
                0,
                fidelity,
                new TreeMap<>(),
                notRecorded,
                "00f3a9c1d2e4b596",
                true,
                14_000_000_000L);
        return new Analysis(
                path,
                replay,
                faults,
                RuleReport.none(),
                new PerformanceWatcher().result(List.of(), List.of()),
                new CostWatcher().table(),
                mix,
                List.of());
    }

    private static EventMix mix() {
        int slices = 120;
        String[] names = {
            "SessionStart", "MmioWrite", "MemoryWrite", "DmaRequest", "InterruptRequest", "CommandConsumed",
            "Translation", "LogEntry", "CompletionStore", "InterruptDelivered", "ConsoleLine", "SessionEnd"
        };
        List<EventMix.Row> rows = new ArrayList<>();
        for (int kind = 0; kind < names.length; kind++) {
            long[] counts = new long[slices];
            for (int i = 0; i < slices; i++) {
                boolean busy = i > 34 && i < 80 || i > 96 && i < 106;
                int wave = (i * 37 + kind * 101) % 97;
                counts[i] = switch (kind) {
                    case 0 -> i == 0 ? 1 : 0;
                    case 11 -> i == slices - 1 ? 1 : 0;
                    case 7 -> i == 84 ? 4 : i == 105 ? 1 : 0;
                    case 10 -> wave < 20 ? 1 : 0;
                    case 4, 9 -> 20 + wave;
                    default -> busy ? 100L * kind + wave * 9L : wave < 9 ? wave : 0;
                };
            }
            rows.add(new EventMix.Row(names[kind], counts));
        }
        return new EventMix(0, 14_000_000_000L / slices, slices, rows);
    }
}
