package org.iorewind.record.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The C structures say what the schema says; the compiler checks, when it builds the example, that they lie where it says. */
class EventsHeaderTest {
    private static final Path HEADER = Path.of("src/main/c/include/iorewind_events.h");

    @Test
    void theHeaderFileIsTheOneOfThisSchema() throws IOException {
        if (Boolean.getBoolean("iorewind.header.write")) {
            Files.writeString(HEADER, EventsHeader.text());
        }
        assertThat(Files.readString(HEADER, UTF_8))
                .as("after a change of the schema: mvn -pl recorder test -Dtest=EventsHeaderTest"
                        + " -Diorewind.header.write=true")
                .isEqualTo(EventsHeader.text());
    }
}
