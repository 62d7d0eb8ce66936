package org.iorewind.analyze.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read back by Google's Protocol Buffers, and decoded by {@code protoc} with the numbers of Perfetto's proto. */
class PerfettoExportTest {
    private static final long IOVA = 0x5000;

    @TempDir
    Path folder;

    /** A page is mapped, used, unmapped, flushed, waited for, mapped anew; another one is asked for in vain. */
    private byte[] export() throws IOException {
        SmallSession session = SmallSession.running(folder.resolve("trace.iorw"));
        session.map(IOVA, 0x12_3000).dma(DmaAccess.READ, IOVA).unmap(IOVA);
        session.command(3L << 60 | (long) SmallSession.DOMAIN << 32, IOVA);
        session.command(1L << 60 | 0x40_0000 | 1, 7);
        session.map(IOVA, 0x45_6000).dma(DmaAccess.READ, 0x9000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceReader trace = session.open()) {
            PerfettoExport.write(trace, ReplayOptions.defaults(), out);
        }
        return out.toByteArray();
    }

    private record Event(String track, String name, List<Long> flows, List<Long> lastFlows, long timeNs) {}

    private static List<Event> events(byte[] file) throws IOException {
        Map<Long, String> tracks = new TreeMap<>();
        List<Event> events = new ArrayList<>();
        for (var bytes : UnknownFieldSet.parseFrom(file).getField(1).getLengthDelimitedList()) {
            UnknownFieldSet packet = UnknownFieldSet.parseFrom(bytes);
            assertThat(packet.getField(10).getVarintList()).as("sequence").containsExactly(1L);
            long timeNs = packet.getField(8).getVarintList().get(0);
            if (packet.hasField(60)) {
                UnknownFieldSet track = UnknownFieldSet.parseFrom(
                        packet.getField(60).getLengthDelimitedList().get(0));
                String parent = track.hasField(5)
                        ? tracks.get(track.getField(5).getVarintList().get(0)) + "/"
                        : "";
                tracks.put(
                        track.getField(1).getVarintList().get(0),
                        parent
                                + track.getField(2)
                                        .getLengthDelimitedList()
                                        .get(0)
                                        .toStringUtf8());
            } else {
                UnknownFieldSet event = UnknownFieldSet.parseFrom(
                        packet.getField(11).getLengthDelimitedList().get(0));
                String track = tracks.get(event.getField(11).getVarintList().get(0));
                assertThat(track).as("described before it is used").isNotNull();
                boolean isCounter = event.getField(9).getVarintList().get(0) == 4;
                String name = isCounter
                        ? Long.toString(event.getField(30).getVarintList().get(0))
                        : event.getField(23).getLengthDelimitedList().isEmpty()
                                ? ""
                                : event.getField(23)
                                        .getLengthDelimitedList()
                                        .get(0)
                                        .toStringUtf8();
                events.add(new Event(
                        track,
                        name,
                        event.getField(47).getFixed64List(),
                        event.getField(48).getFixed64List(),
                        timeNs));
            }
        }
        return events;
    }

    @Test
    void aFlowLeadsFromUnmapToFlushToWaitToTheNextMap() throws IOException {
        List<Event> events = events(export());
        List<Event> onFlows = events.stream()
                .filter(event -> !event.flows().isEmpty() || !event.lastFlows().isEmpty())
                .toList();
        assertThat(onFlows)
                .extracting(event -> event.track() + ": " + event.name())
                .containsExactly(
                        "IOMMU 0/domain 0x5: unmap 0x5000",
                        "IOMMU 0/command ring: INVALIDATE_IOMMU_PAGES",
                        "IOMMU 0/command ring: COMPLETION_WAIT",
                        "IOMMU 0/domain 0x5: map 0x5000");
        long flow = onFlows.get(0).flows().get(0);
        assertThat(onFlows.get(1).flows()).containsExactly(flow);
        assertThat(onFlows.get(2).flows()).containsExactly(flow);
        assertThat(onFlows.get(3).lastFlows()).containsExactly(flow);
    }

    @Test
    void requestsAndRefusalsStandOnTheirDevice() throws IOException {
        assertThat(events(export()))
                .filteredOn(event -> event.track().equals("IOMMU 0/device 00:06.0"))
                .extracting(Event::name)
                .contains("translated 0x5000", "page not present 0x9000")
                .anyMatch(name -> name.startsWith("refused: "));
    }

    @Test
    void countersCount() throws IOException {
        List<Event> events = events(export());
        assertThat(events)
                .filteredOn(event -> event.track().equals("IOMMU 0/bytes mapped"))
                .extracting(Event::name)
                .containsExactly("4096", "0", "4096");
        assertThat(events)
                .filteredOn(event -> event.track().equals("IOMMU 0/requests refused"))
                .extracting(Event::name)
                .containsExactly("1");
    }

    @Test
    void theSameTraceGivesTheSameBytes() throws IOException {
        byte[] first = export();
        Files.delete(folder.resolve("trace.iorw"));
        assertThat(export()).isEqualTo(first);
    }

    @Test
    void protocReadsItWithPerfettosNumbers() throws IOException, InterruptedException {
        boolean hasProtoc = isOnPath();
        assertThat(hasProtoc || !"true".equals(System.getenv("CI")))
                .as("CI has protoc")
                .isTrue();
        assumeTrue(hasProtoc, "no protoc on the PATH");
        Path proto = Path.of("src", "test", "resources", "perfetto");
        Path binary = Files.write(folder.resolve("trace.pftrace"), export());
        Path text = folder.resolve("trace.txt");
        Process protoc = new ProcessBuilder(
                        "protoc", "--proto_path=" + proto, "--decode=subset.Trace", "trace-subset.proto")
                .redirectInput(binary.toFile())
                .redirectOutput(text.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(protoc.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String decoded = Files.readString(text, StandardCharsets.UTF_8);
        assertThat(protoc.exitValue()).as(decoded).isZero();
        assertThat(decoded)
                .contains("type: TYPE_INSTANT", "type: TYPE_COUNTER", "unit: UNIT_SIZE_BYTES", "name: \"domain 0x5\"")
                .contains("terminating_flow_ids: 1");
        // A number that the proto does not have is printed alone, without a name.
        assertThat(decoded.lines()).noneMatch(line -> line.strip().matches("\\d+[: ].*"));
    }

    private static boolean isOnPath() {
        for (String place : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(place, "protoc"))) {
                return true;
            }
        }
        return false;
    }
}
