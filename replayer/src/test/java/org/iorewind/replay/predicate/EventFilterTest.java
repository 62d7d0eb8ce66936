package org.iorewind.replay.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFilterTest {
    @TempDir
    Path folder;

    private int traces;

    private List<String> matching(String expression) {
        EventFilter filter = EventFilter.compile(expression);
        List<String> kinds = new ArrayList<>();
        SmallSession session = SmallSession.running(folder.resolve("trace" + traces++ + ".iorw"));
        session.map(0x5000, 0x12_3000)
                .dma(DmaAccess.READ, 0x5008)
                .observed(TranslationOutcome.TRANSLATED, CacheAnswer.MISS, 0x5008, 0x12_3000)
                .dma(DmaAccess.WRITE, 0x7000)
                .observed(TranslationOutcome.FAULT, CacheAnswer.MISS, 0x7000, 0);
        try (TraceReader trace = session.open();
                EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                if (filter.test(cursor.event())) {
                    kinds.add(String.valueOf(cursor.event().kind()));
                }
            }
        }
        return kinds;
    }

    @Test
    void kindAndRequester() {
        assertThat(matching("kind == 'DmaRequest' && requester == '00:06.0'")).hasSize(2);
        assertThat(matching("kind == 'DmaRequest' && requester == '00:05.0'")).isEmpty();
    }

    @Test
    void addressesAreNumbers() {
        assertThat(matching("kind == 'DmaRequest' && address >= 0x6000")).containsExactly("DMA_REQUEST");
    }

    @Test
    void enumerationsAreNames() {
        assertThat(matching("outcome == 'FAULT'")).containsExactly("TRANSLATION");
    }

    @Test
    void classesAndSequences() {
        assertThat(matching("eventClass == 'input' && sequence == 0")).containsExactly("SESSION_START");
        assertThat(matching("eventClass == 'book-keeping'")).containsExactly("SESSION_END");
    }

    @Test
    void anEventWithoutTheFieldDoesNotMatchUnlessTheRestDecides() {
        assertThat(matching("registerOffset == 0x18 || kind == 'SessionEnd'"))
                .containsExactly("MMIO_WRITE", "SESSION_END");
    }

    @Test
    void aMistakeIsShownWithItsPlaceAndTheFields() {
        assertThatThrownBy(() -> EventFilter.compile("kind = 'DmaRequest'"))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("kind = 'DmaRequest'")
                .hasMessageContaining("requester");
        assertThatThrownBy(() -> EventFilter.compile("requestor == '00:06.0'"))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("requestor");
        assertThatThrownBy(() -> EventFilter.compile("sequence + 1")).isInstanceOf(FilterException.class);
    }
}
