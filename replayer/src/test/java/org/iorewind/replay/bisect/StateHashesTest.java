package org.iorewind.replay.bisect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.bisect.StateHashes.At;
import org.iorewind.replay.bisect.StateHashes.Comparison;
import org.iorewind.replay.bisect.StateHashes.Span;
import org.iorewind.replay.checkpoint.CheckpointKey;
import org.iorewind.replay.travel.RandomSession;
import org.iorewind.trace.TraceReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateHashesTest {
    private static final ReplayOptions OPTIONS = ReplayOptions.defaults();

    @TempDir
    Path folder;

    private TraceReader trace;

    @BeforeEach
    void record() {
        trace = RandomSession.of(folder.resolve("t.iorw"), 9, 500);
    }

    @AfterEach
    void close() {
        trace.close();
    }

    private List<At> hashes(Span span) {
        List<At> all = new ArrayList<>();
        StateHashes.of(trace, OPTIONS, span, all::add);
        return all;
    }

    @Test
    void theLastOneIsThatOfTheWholeReplay() {
        List<At> all = hashes(new Span(0, Long.MAX_VALUE, 100));
        var whole = Replay.run(trace, OPTIONS);
        assertThat(all).hasSize((int) (whole.events() + 99) / 100);
        assertThat(all.get(0).sequence()).isEqualTo(99);
        At last = all.get(all.size() - 1);
        assertThat(last.sequence()).isEqualTo(whole.events() - 1);
        assertThat(last.line()).matches(last.sequence() + " " + whole.stateHash() + " [0-9a-f]{16}");
    }

    @Test
    void theFirstEventWithAnotherStateIsNarrowedDown() {
        List<At> coarse = new ArrayList<>(hashes(new Span(0, Long.MAX_VALUE, 100)));
        assertThat(StateHashes.compare(trace, OPTIONS, coarse))
                .isEqualTo(new Comparison(
                        coarse.get(coarse.size() - 1).sequence(), -1, false, coarse.size(), coarse.size()));
        for (int i = 2; i < coarse.size(); i++) {
            coarse.set(i, otherState(coarse.get(i)));
        }
        assertThat(StateHashes.compare(trace, OPTIONS, coarse)).isEqualTo(new Comparison(199, 299, true, 3, 3));
        List<At> fine = new ArrayList<>(hashes(new Span(200, 299, 1)));
        assertThat(fine).hasSize(100);
        for (int i = 37; i < fine.size(); i++) {
            fine.set(i, otherState(fine.get(i)));
        }
        assertThat(StateHashes.compare(trace, OPTIONS, fine)).isEqualTo(new Comparison(236, 237, true, 38, 38));
    }

    private static At otherState(At one) {
        return new At(one.sequence(), one.hash() + 1, one.outcomes());
    }

    /** Most markers and observations lead to the same state as before; what is answered from a cache does too. */
    @Test
    void anOutcomeIsSeenWhereTheStateIsAlike() {
        List<At> all = new ArrayList<>(hashes(new Span(0, Long.MAX_VALUE, 1)));
        int found = 0;
        while (found + 1 < all.size()
                && (all.get(found).hash() != all.get(found + 1).hash()
                        || all.get(found).outcomes().equals(all.get(found + 1).outcomes()))) {
            found++;
        }
        At unlike = all.get(found + 1);
        assertThat(unlike.outcomes()).isNotEqualTo(all.get(found).outcomes());
        all.set(
                found + 1,
                new At(unlike.sequence(), unlike.hash(), all.get(found).outcomes()));
        assertThat(StateHashes.compare(trace, OPTIONS, all))
                .as("as if the other build had answered nothing")
                .isEqualTo(new Comparison(found, found + 1, false, found + 2, found + 2));
    }

    /** Older builds say nothing of outcomes. */
    @Test
    void whatIsNotKnownIsNotCompared() {
        List<At> all = hashes(new Span(0, 50, 7));
        all.replaceAll(one -> new At(one.sequence(), one.hash(), null));
        assertThat(StateHashes.compare(trace, OPTIONS, all)).isEqualTo(new Comparison(50, -1, false, all.size(), 0));
        assertThat(StateHashes.parse(List.of(all.get(0).line()), trace, OPTIONS))
                .containsExactly(all.get(0));
    }

    /** What was alike is hashed once more, so that the next search knows it, however coarse it is. */
    @Test
    void aSearchThatBeginsInTheMiddleBeginsWithTheStateThatWasAlike() {
        List<At> all = hashes(new Span(199, 299, 25));
        assertThat(all).extracting(At::sequence).containsExactly(199L, 223L, 248L, 273L, 298L, 299L);
        all.set(1, otherState(all.get(1)));
        assertThat(StateHashes.compare(trace, OPTIONS, all)).isEqualTo(new Comparison(199, 223, true, 2, 2));
    }

    @Test
    void linesAreReadAsTheyAreWritten() {
        List<At> all = hashes(new Span(0, 50, 7));
        List<String> lines = new ArrayList<>(List.of(StateHashes.header(trace, OPTIONS)));
        all.forEach(one -> lines.add(one.line()));
        assertThat(StateHashes.parse(lines, trace, OPTIONS)).isEqualTo(all);
        assertThat(StateHashes.modelVersion(lines)).isEqualTo(CheckpointKey.MODEL_VERSION);
        assertThat(StateHashes.modelVersion(List.of("7 0123456789abcdef"))).isEqualTo(-1);
        String session = trace.session().sessionId();
        List<String> others = new ArrayList<>(lines);
        others.set(0, lines.get(0).replace(session, "0".repeat(32)));
        assertThatThrownBy(() -> StateHashes.parse(others, trace, OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected hashes of session " + session);
        assertThatThrownBy(() -> StateHashes.parse(lines, trace, OPTIONS.withProfile("qemu-7.2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("profile qemu-7.2, found: # iorewind state hashes")
                .hasMessageContaining("profile spec");
        others.set(0, lines.get(0).replace("model ", "model 7"));
        assertThat(StateHashes.parse(others, trace, OPTIONS))
                .as("another version may be compared: that is what it is for")
                .isEqualTo(all);
        for (String bad : new String[] {
            "7", "x 0123456789abcdef", "7 xyz", "7 0123456789abcdefa", "-1 0123456789abcdef", "7 0123456789abcdef 1"
        }) {
            assertThatThrownBy(() -> StateHashes.parse(List.of(bad), trace, OPTIONS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line 1");
        }
        assertThatThrownBy(() -> StateHashes.parse(List.of("7 0123456789abcdef", "7 0123456789abcdef"), trace, OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ascending");
    }
}
