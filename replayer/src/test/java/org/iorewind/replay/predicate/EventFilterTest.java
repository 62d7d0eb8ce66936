package org.iorewind.replay.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "requestor == '00:06.0' | requestor; did you mean 'requester'?",
                "Domain == 3 | Domain; did you mean 'domain'?",
                "domian == 3 | domian; did you mean 'domain'?",
                "kind == 'Translaton' | at column 9: expected a word of this field, found 'Translaton'; did you mean 'Translation'?",
                "'translation' != kind | at column 1: expected a word of this field, found 'translation'; did you mean 'Translation'?",
                "kind in ['DmaRequest', 'Dma'] | at column 24: expected a word of this field, found 'Dma'",
                "sequence > 3 && !(outcome == 'FAULTS') | found 'FAULTS'; did you mean 'FAULT'?",
                "eventClass == 'inputs' | found 'inputs'; did you mean 'input'?",
                "kind == 'Nothing like it' | There are: SessionStart, MmioWrite"
            })
    void whatCanNeverBeFoundIsRefusedWithWhatWasMeant(String expression, String message) {
        assertThatThrownBy(() -> EventFilter.compile(expression))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everyWordThatAnEventCanHaveIsTaken() {
        for (EventKind kind : EventKind.values()) {
            EventFilter.compile("kind == '" + kind.label() + "' || eventClass == '"
                    + kind.eventClass().label() + "'");
        }
        for (EventType type : EventTable.standard().types()) {
            for (EventField field : type.fields()) {
                for (String word : field.names().values()) {
                    EventFilter.compile(field.name() + " == '" + word + "'");
                }
            }
        }
        // what this version has no name for is a number; a device, or a text of somebody's, can be anything
        EventFilter.compile("kind == '#99' && outcome == '#7' && requester == '00:06.0' && note == 'a mark'");
    }

    @Test
    void nothingIsProposedThatIsFarFromWhatWasWritten() {
        assertThatThrownBy(() -> EventFilter.compile("weather == 1"))
                .isInstanceOf(FilterException.class)
                .message()
                .doesNotContain("did you mean");
        String longName = "domain".repeat(11);
        assertThatThrownBy(() -> EventFilter.compile(longName + " == 1"))
                .isInstanceOf(FilterException.class)
                .message()
                .doesNotContain("did you mean");
    }
}
