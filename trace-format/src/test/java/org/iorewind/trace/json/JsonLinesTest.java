package org.iorewind.trace.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.PageRight;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
    @TempDir
    Path directory;

    private static Path seal(Path file, EventList events) {
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            events.copyTo(writer);
        }
        return file;
    }

    private static String export(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceReader reader = Traces.open(file)) {
            JsonLinesExporter.export(reader, out);
        }
        return out.toString(UTF_8);
    }

    private static EventList load(String text) {
        EventList list = new EventList();
        JsonLinesImporter.importTo(new ByteArrayInputStream(text.getBytes(UTF_8)), "test.jsonl", list);
        return list;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "  \r\n\t\n"})
    void aFileWithoutAnEventIsRefused(String text) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("found no event in it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "nonsense", "{\"a\":0x1}", "{\"a\":[[1]]}", "{\"a\":1,\"a\":1}", "{\"a\":"})
    void whatIsNoLineOfJsonIsSaidInPlainWords(String text) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("line 1")
                .message()
                .doesNotContain("START_", "JsonReadFeature", "Exception", "found null", "com.fasterxml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'kind':'Dma\u007f\u001b[2J'}",
                "{'kind':'SessionStart','frame':'\u202e'}",
                "{'kind':'SessionStart','timeNs':'\u009b'}",
                "{'kind':'SessionStart','\u007f':[true]}",
            })
    void whatActsInALineDoesNotActInAMessage(String text) {
        assertThatThrownBy(() -> load(text.replace('\'', '"').replace("\u001b", "\\u001b")))
                .isInstanceOf(TraceFormatException.class)
                .message()
                .matches("[ -~]+")
                .contains("\\u");
    }

    @Property(tries = 40)
    void exportAndImportGiveTheSameArchive(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int count)
            throws IOException {
        Path temporary = Files.createTempDirectory("json");
        try {
            EventList events = RandomEvents.session(seed, count);
            Path first = seal(temporary.resolve("1"), events);
            EventList again = load(export(first));
            assertThat(again.hex()).isEqualTo(events.hex());
            assertThat(seal(temporary.resolve("2"), again)).hasSameBinaryContentAs(first);
        } finally {
            Files.deleteIfExists(temporary.resolve("1"));
            Files.deleteIfExists(temporary.resolve("2"));
            Files.delete(temporary);
        }
    }

    @Test
    void fieldsAreWrittenAsPeopleWriteThem() {
        EventList events = new EventList();
        EventWriter writer = new EventWriter(events);
        writer.sessionStart(RandomEvents.info(1, 2));
        writer.at(1500).guest(3).mmioWrite(MmioSpace.VF_CONTROL, 8, 0x2018, -1);
        writer.guest(EventWriter.NO_GUEST).dmaRequest(DmaAccess.WRITE, 0x30, 0x1000, 64, EventWriter.NO_PASID);
        writer.translation(
                TranslationOutcome.FAULT, CacheAnswer.MISS, PageRight.KNOWN | PageRight.READ, 0xFFFF, -1, 5, 0x1000, 0);
        String[] lines = export(seal(directory.resolve("a"), events)).split("\n", -1);
        assertThat(lines[0])
                .startsWith("{\"seq\":0,\"kind\":\"SessionStart\",\"timeNs\":0,\"source\":0,\"iommu\":0,\"guest\":null,"
                        + "\"flags\":[],\"fidelity\":\"FULL\",\"startState\":\"RESET\",\"iommuCount\":1,"
                        + "\"sessionIdHigh\":\"0x1\",\"sessionIdLow\":\"0x2\"");
        assertThat(lines[1])
                .isEqualTo("{\"seq\":1,\"kind\":\"MmioWrite\",\"timeNs\":1500,\"source\":0,\"iommu\":0,\"guest\":3,"
                        + "\"flags\":[\"guestPresent\"],\"space\":\"VF_CONTROL\",\"size\":8,"
                        + "\"registerOffset\":\"0x2018\",\"value\":\"0xffffffffffffffff\"}");
        assertThat(lines[2])
                .endsWith("\"access\":\"WRITE\",\"requester\":\"00:06.0\",\"address\":\"0x1000\",\"length\":64,"
                        + "\"pasid\":null}");
        assertThat(lines[3])
                .endsWith("\"outcome\":\"FAULT\",\"cache\":\"MISS\",\"rights\":[\"read\",\"known\"],"
                        + "\"requester\":\"ff:1f.7\",\"domain\":4294967295,\"pasid\":5,\"address\":\"0x1000\","
                        + "\"result\":\"0x0\",\"pageShift\":0}");
        assertThat(lines[4]).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"size\":8 | \"size\":256 | field size: expected an integer from 0 to 255, found 256",
                "\"size\":8 | \"size\":\"8\" | field size: expected an integer from 0 to 255, found \"8\"",
                "\"size\":8 | \"size\":8.5 | field size: expected a string, an integer, null or a list of these",
                "\"size\":8 | \"size\":8,\"size\":8 | expected JSON, found the same field twice",
                "\"size\":8, | `` | field size: expected a value, found nothing",
                "\"size\":8 | \"size\":8,\"sise\":1 | field sise: expected a field of MmioWrite",
                "\"HOST\" | \"GUEST\" | field space: expected one of [HOST, VF, VF_CONTROL, PCI_CONFIG], or a number",
                "\"0x18\" | \"18\" | field registerOffset: expected \"0x\" and up to 8 hexadecimal digits, found \"18\"",
                "\"0x18\" | \"0x100000000\" | field registerOffset: expected \"0x\" and up to 8 hexadecimal digits",
                "\"flags\":[] | \"flags\":[8] | field flags: expected bit numbers below 8, found 8",
                "\"seq\":1 | \"seq\":2 | field seq: expected 1, found 2",
                "MmioWrite | MmioRite | field kind: expected the name of an event type",
                "{ | [ | expected a JSON object, found a list",
                "} | `` | expected JSON, found",
                "} | }{} | expected one object in the line, found more behind it",
            })
    void aWrongLineIsNamedWithItsFieldAndWhatIsExpected(String good, String bad, String message) {
        EventList events = RandomEvents.smallSession(1, 3);
        String[] lines = export(seal(directory.resolve("a"), events)).split("\n");
        assertThat(lines[1]).contains(good);
        String text = lines[0] + "\n\n" + lines[1].replace(good, bad);
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("test.jsonl: line 3")
                .hasMessageContaining(message);
    }

    @Test
    void sequenceNumbersMayBeLeftOut() {
        EventList events = RandomEvents.smallSession(1, 10);
        String text = export(seal(directory.resolve("a"), events)).replaceAll("\"seq\":\\d+,", "");
        assertThat(load(text).hex()).isEqualTo(events.hex());
    }

    @Test
    void aTextWithoutSessionStartIsRefused() {
        String text = "{\"kind\":\"ConsoleLine\",\"timeNs\":0,\"source\":0,\"iommu\":0,\"guest\":null,\"flags\":[],"
                + "\"text\":\"hello\"}";
        assertThatThrownBy(() -> load(text)).hasMessageContaining("expected SessionStart as the first event");
    }

    @Test
    void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() {
        String text = "{\"kind\":\"" + "x".repeat(JsonLinesDescriptor.MAX_LINE_LENGTH);
        assertThatThrownBy(() -> load(text)).hasMessageContaining("line 1: expected at most 4194304 bytes");
    }

    @Test
    void theLongestEventsFitIntoALine() {
        EventList events = new EventList();
        EventWriter writer = new EventWriter(events);
        writer.sessionStart(RandomEvents.info(1, 2));
        String worst = "\u0001".repeat(EventWriter.MAX_TEXT_BYTES);
        writer.driverCall(CallPhase.POINT, 0, 0, 0, 0, 0, worst, worst);
        assertThat(load(export(seal(directory.resolve("a"), events))).hex()).isEqualTo(events.hex());
    }

    @Test
    void aFrameThatIsNotSoundIsRefused() {
        String start = export(seal(directory.resolve("a"), RandomEvents.smallSession(1, 1 + 1)));
        String first = start.substring(0, start.indexOf('\n') + 1);
        String frame = "0d00820011030300" + "00".repeat(16);
        assertThat(load(first + "{\"kind\":\"#130\",\"frame\":\"" + frame + "\"}")
                        .frames())
                .hasSize(2);
        assertThatThrownBy(() -> load(first + "{\"kind\":\"#131\",\"frame\":\"" + frame + "\"}"))
                .hasMessageContaining("field kind: expected #130 as in the frame, found #131");
        assertThatThrownBy(() -> load(first + "{\"kind\":\"#130\",\"frame\":\"" + frame + "00\"}"))
                .hasMessageContaining("field frame: expected a sound event frame");
        assertThatThrownBy(() -> load(first + "{\"kind\":\"#130\",\"frame\":\"" + frame.substring(2) + "\"}"))
                .hasMessageContaining("field frame: expected a sound event frame");
        assertThatThrownBy(() -> load(first + "{\"kind\":\"#130\",\"frame\":\"xyz\"}"))
                .hasMessageContaining("field frame: expected pairs of hexadecimal digits");
    }
}
