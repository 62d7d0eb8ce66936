package org.iorewind.trace.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OffsetVoteTest {
    private static OffsetVote.Outcome count(long margin, long... ends) {
        OffsetVote vote = new OffsetVote();
        for (int i = 0; i < ends.length; i += 2) {
            vote.add(ends[i], ends[i + 1]);
        }
        return vote.count(margin);
    }

    @Test
    void theOffsetLiesWhereMostIntervalsOverlap() {
        assertThat(count(0, 0, 10, 5, 20, 8, 9, 100, 200)).isEqualTo(new OffsetVote.Outcome(3, 8, 9, 1));
    }

    @Test
    void endsCountAsInside() {
        assertThat(count(0, 0, 10, 10, 20)).isEqualTo(new OffsetVote.Outcome(2, 10, 10, 0));
    }

    @Test
    void placesNearTheBestBelongToIt() {
        OffsetVote.Outcome outcome = count(5, 0, 10, 12, 20);
        assertThat(outcome).isEqualTo(new OffsetVote.Outcome(1, 0, 20, 0));
    }

    @Test
    void nobodyVotesForNothing() {
        assertThat(count(0)).isEqualTo(new OffsetVote.Outcome(0, 0, 0, 0));
    }

    /** Compared with counting at every place. */
    @Property(tries = 500)
    void noPlaceHasMoreVotesThanTheBest(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 60) Integer> starts,
            @ForAll @IntRange(min = 0, max = 30) int length) {
        OffsetVote vote = new OffsetVote();
        for (int i = 0; i < starts.size(); i++) {
            vote.add(starts.get(i), starts.get(i) + (length + i) % 31);
        }
        OffsetVote.Outcome outcome = vote.count(0);
        int best = 0;
        for (int at = 0; at <= 100; at++) {
            int here = votesAt(starts, length, at);
            best = Math.max(best, here);
        }
        assertThat(outcome.votes()).isEqualTo(best);
        assertThat(votesAt(starts, length, (int) outcome.lowNs())).isEqualTo(best);
        assertThat(votesAt(starts, length, (int) outcome.highNs())).isEqualTo(best);
    }

    private static int votesAt(List<Integer> starts, int length, int at) {
        int votes = 0;
        for (int i = 0; i < starts.size(); i++) {
            votes += at >= starts.get(i) && at <= starts.get(i) + (length + i) % 31 ? 1 : 0;
        }
        return votes;
    }
}
