package org.iorewind.record.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows is what is compiled here, and it works. */
class ImportersTest {
    private static final Path PAGE = Path.of("..", "docs", "write-your-own-importer.md");
    private static final Path EXAMPLE =
            Path.of("src", "test", "java", "org", "iorewind", "record", "plugin", "DmaListImporter.java");

    @TempDir
    Path folder;

    @Test
    void theExampleImportsWhatItUnderstandsAndCountsTheRest() throws IOException {
        Path list = Files.writeString(folder.resolve("list.txt"), "5 30 read 1000\nnonsense\n7 31 write ffff\n");
        Path archive = folder.resolve("trace.iorw");
        ImportResult result;
        try (ArchiveWriter writer = ArchiveWriter.create(archive)) {
            result = new DmaListImporter().read(List.of(list), writer, Progress.NONE);
        }
        assertThat(result.lines()).isEqualTo(3);
        assertThat(result.events()).isEqualTo(4);
        assertThat(result.unparsed()).isOne();
        List<EventKind> kinds = new ArrayList<>();
        try (TraceReader trace = Traces.open(archive);
                EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                kinds.add(cursor.event().kind());
            }
        }
        assertThat(kinds)
                .containsExactly(
                        EventKind.SESSION_START, EventKind.DMA_REQUEST, EventKind.DMA_REQUEST, EventKind.SESSION_END);
    }

    @Test
    void theDocumentationShowsTheExampleAsItIsCompiled() throws IOException {
        String code = Files.readString(EXAMPLE).replace("\r", "");
        assertThat(Files.readString(PAGE).replace("\r", ""))
                .contains(code.substring(code.indexOf("public final class")));
    }

    @Test
    void twoImportersOfOneNameAreRefusedByName() {
        assertThatThrownBy(() -> Importers.checked(List.of(new DmaListImporter(), new DmaListImporter())))
                .isInstanceOf(ImporterException.class)
                .hasMessageContaining("dma-list");
    }

    @Test
    void withoutAServiceThereIsNone() {
        assertThat(Importers.load()).isEmpty();
    }
}
