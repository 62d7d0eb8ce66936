package org.iorewind.analyze.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A session on which mistakes are planted, and what the rules find in it. */
abstract class RuleBench {
    static final long IOVA = 0x5000;
    static final long PAGE = 0x12_3000;
    static final long DEVICE_ENTRY = SmallSession.DEVICE_TABLE + SmallSession.DEVICE * 32L;
    static final long STORE = 0x40_0000;

    @TempDir
    Path folder;

    SmallSession session;

    @BeforeEach
    void running() {
        session = SmallSession.running(folder.resolve("trace.iorw"));
    }

    SmallSession pages(int domain, long first, long flags) {
        return session.command(3L << 60 | (long) domain << 32, first | flags);
    }

    SmallSession flush(long iova) {
        return pages(SmallSession.DOMAIN, iova, 0);
    }

    SmallSession waitForIt() {
        return session.command(1L << 60 | STORE | 1, 7);
    }

    void unmapped() {
        session.map(IOVA, PAGE).dma(DmaAccess.READ, IOVA).unmap(IOVA);
    }

    Analysis analysis() {
        try (TraceReader trace = session.open()) {
            return Analyses.analyze(trace, ReplayOptions.defaults());
        }
    }

    List<Finding> serious() {
        return analysis().rules().findings().stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .filter(finding -> !finding.rule().id().equals("open-by-default"))
                .toList();
    }

    Finding only(String rule) {
        List<Finding> found = serious();
        assertThat(found).extracting(finding -> finding.rule().id()).containsOnly(rule);
        return found.get(0);
    }

    void clean() {
        assertThat(serious()).isEmpty();
    }
}
