package org.iorewind.replay.bisect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.iorewind.replay.bisect.ScriptSearch.Answer;
import org.junit.jupiter.api.Test;

class ScriptSearchTest {
    private int asked;

    private OptionalLong search(ScriptSearch search, long firstBad, long... skipped) {
        for (OptionalLong next = search.next(); next.isPresent(); next = search.next()) {
            long at = next.getAsLong();
            boolean isSkipped = java.util.Arrays.stream(skipped).anyMatch(one -> one == at);
            search.answer(at, isSkipped ? Answer.SKIP : at >= firstBad ? Answer.BAD : Answer.GOOD);
            asked++;
        }
        return search.found();
    }

    @Test
    void theFirstBadEventIsFoundInAFewQuestions() {
        for (long bad = 0; bad < 1000; bad += 37) {
            asked = 0;
            assertThat(search(new ScriptSearch(1000), bad)).hasValue(bad);
            assertThat(asked).isLessThanOrEqualTo(12);
        }
    }

    @Test
    void whereTheLastEventIsGoodThereIsNothingToFind() {
        assertThat(search(new ScriptSearch(1000), 1000)).isEmpty();
        assertThat(asked).isOne();
        assertThat(search(new ScriptSearch(0), 0)).isEmpty();
    }

    @Test
    void skippedEventsAreNamedWhenTheyMayBeTheOne() {
        ScriptSearch search = new ScriptSearch(100);
        assertThat(search(search, 40, 37, 38, 39)).hasValue(40);
        assertThat(search.skipped()).containsExactly(37L, 38L, 39L);
    }

    @Test
    void aLogIsTakenUpAgain() {
        ScriptSearch search = new ScriptSearch(1000);
        search.replay("# a note");
        search.replay("");
        search.replay("good 500");
        search.replay(ScriptSearch.line(504, Answer.BAD));
        assertThat(search(search, 503)).hasValue(503);
        assertThat(asked).isLessThanOrEqualTo(2);
    }

    @Test
    void aLineThatSaysNothingIsRefused() {
        ScriptSearch search = new ScriptSearch(10);
        for (String line : new String[] {"good", "fine 3", "good 11", "bad -1", "good x"}) {
            assertThatThrownBy(() -> search.replay(line))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(line);
        }
    }
}
