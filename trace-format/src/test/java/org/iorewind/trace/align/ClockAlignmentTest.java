package org.iorewind.trace.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.StartState;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clocks of one machine, made so that the offset and the drift are known. */
class ClockAlignmentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;

    @TempDir
    Path folder;

    private final List<TraceReader> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(TraceReader::close);
    }

    private TraceReader trace(long startUnixNs, Consumer<EventWriter> events) {
        Path file = folder.resolve("t" + open.size() + ".iorw");
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            EventWriter writer = new EventWriter(archive);
            writer.sessionStart(new SessionInfo(
                    1,
                    open.size(),
                    Fidelity.LOG,
                    StartState.UNKNOWN,
                    1,
                    startUnixNs,
                    0,
                    0,
                    0,
                    0,
                    0,
                    "spec",
                    "test",
                    "",
                    ""));
            events.accept(writer);
            writer.sessionEnd(EndReason.CLEAN, "");
        }
        TraceReader reader = Traces.open(file);
        open.add(reader);
        return reader;
    }

    private static void use(EventWriter writer, long timeNs, long page) {
        writer.at(timeNs).dmaRequest(DmaAccess.READ, 0x10, page << 12, 4, -1);
        writer.translation(
                TranslationOutcome.TRANSLATED, CacheAnswer.MISS, 0, 0x10, -1, -1, page << 12, page + 7 << 12);
    }

    private static void map(EventWriter writer, long timeNs, long page) {
        writer.at(timeNs).driverCall(CallPhase.POINT, -1, 0, page << 12, page + 7 << 12, 4096, "map", "");
    }

    private static void unmap(EventWriter writer, long timeNs, long page) {
        writer.at(timeNs).driverCall(CallPhase.POINT, -1, 0, page << 12, 0, 4096, "unmap", "");
    }

    /**
     * A driver that maps, a device that uses up to a millisecond later, a driver that unmaps; pages come again and again.
     *
     * @param offsetNs device's clock when the driver's shows 0
     * @param ppb by how much the driver's clock is slow
     * @param lost one of so many maps is not in the driver's trace; 0: all are
     */
    private ClockLink work(int transfers, long everyNs, long offsetNs, long ppb, int lost) {
        Random random = new Random(42);
        long[][] times = new long[transfers][3];
        for (int i = 0; i < transfers; i++) {
            times[i][0] = i * everyNs + random.nextInt((int) MILLISECOND);
            times[i][1] = times[i][0] + 50_000 + random.nextInt((int) MILLISECOND);
            times[i][2] = times[i][1] + 50_000 + random.nextInt((int) MILLISECOND);
        }
        TraceReader device = trace(0, writer -> {
            for (int i = 0; i < transfers; i++) {
                long driver = times[i][1];
                use(writer, driver + offsetNs + driver / SECOND * ppb, i % 50);
            }
        });
        TraceReader driver = trace(0, writer -> {
            for (int i = 0; i < transfers; i++) {
                if (lost == 0 || i % lost != 1) {
                    map(writer, times[i][0], i % 50);
                    unmap(writer, times[i][2], i % 50);
                }
            }
        });
        return ClockAlignment.auto(List.of(device, driver)).links().get(0);
    }

    @Test
    void mapsAndUnmapsBoundTheOffsetFromBothSides() {
        ClockLink link = work(2000, 3 * MILLISECOND, -13 * SECOND, 0, 0);
        assertThat(link.basis()).isEqualTo(ClockLink.Basis.CONTENT);
        assertThat(-13 * SECOND).isBetween(link.lowNs(), link.highNs());
        assertThat(link.highNs() - link.lowNs()).isLessThan(200_000);
        assertThat(link.agreeing()).isEqualTo(link.anchors()).isEqualTo(2000);
        assertThat(link.driftPpb()).isZero();
        assertThat(link.distanceNs()).isBetween(50_000L, MILLISECOND + 50_000);
    }

    @Test
    void lostEventsTakeVotesAwayAndShiftNothing() {
        ClockLink link = work(2000, 3 * MILLISECOND, 99 * SECOND, 0, 4);
        assertThat(99 * SECOND).isBetween(link.lowNs(), link.highNs());
        assertThat(link.agreeing()).isBetween(1450, 1600);
    }

    @Test
    void aLongSessionTellsTheDrift() {
        ClockLink link = work(6000, 100 * MILLISECOND, 5 * SECOND, 30_000, 0);
        assertThat(link.driftPpb()).isCloseTo(30_000, within(1_500L));
        assertThat(link.toReference(300 * SECOND)).isCloseTo(305 * SECOND + 300 * 30_000, within(300_000L));
        assertThat(link.agreeing()).isGreaterThan(5_900);
    }

    @Test
    void theSameTracesGiveTheSameResult() {
        assertThat(work(500, 3 * MILLISECOND, 7, 0, 5)).isEqualTo(work(500, 3 * MILLISECOND, 7, 0, 5));
    }

    @Test
    void aStrictlyPeriodicLoadFitsAtManyPlacesAndIsRefused() {
        TraceReader device = trace(0, writer -> {
            for (int i = 0; i < 500; i++) {
                use(writer, i * 40 * MILLISECOND + MILLISECOND, 1);
            }
        });
        TraceReader driver = trace(0, writer -> {
            for (int i = 0; i < 500; i++) {
                map(writer, i * 40 * MILLISECOND, 1);
                unmap(writer, i * 40 * MILLISECOND + 2 * MILLISECOND, 1);
            }
        });
        assertThatThrownBy(() -> ClockAlignment.auto(List.of(device, driver)))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("another one")
                .hasMessageContaining("--align offset=");
    }

    @Test
    void tooLittleInCommonIsRefusedWithWhatToDo() {
        TraceReader device = trace(0, writer -> {
            use(writer, 5, 1);
            use(writer, 50, 2);
        });
        TraceReader driver = trace(0, writer -> {
            map(writer, 1, 1);
            unmap(writer, 9, 1);
        });
        assertThatThrownBy(() -> ClockAlignment.auto(List.of(device, driver)))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("t1.iorw")
                .hasMessageContaining("1 of 1 fit one offset");
    }

    @Test
    void faultsAreTheSameFaultsByDeviceAndAddress() {
        TraceReader device = trace(1_000 * SECOND, writer -> {
            for (int i = 0; i < 5; i++) {
                writer.at(i * i * SECOND).dmaRequest(DmaAccess.READ, 0x30, 0x100000 + i, 4, -1);
                writer.translation(TranslationOutcome.FAULT, CacheAnswer.MISS, 0, 0x30, -1, -1, 0x100000 + i, 0);
            }
        });
        TraceReader log = trace(0, writer -> {
            for (int i = 0; i < 5; i++) {
                writer.at(i * i * SECOND - 90 * SECOND + 3 * MILLISECOND)
                        .logEntry(LogKind.EVENT, -1, 2L << 60 | 0x30, -1L, 0x100000 + i, -1L);
            }
        });
        ClockAlignment clocks = ClockAlignment.auto(List.of(log, device));
        ClockLink link = clocks.links().get(0);
        assertThat(link.offsetNs()).isEqualTo(-90 * SECOND + 3 * MILLISECOND);
        assertThat(link.agreeing()).isEqualTo(5);
        assertThat(clocks.timeNs(0, 4 * SECOND - 90 * SECOND + 3 * MILLISECOND))
                .isEqualTo(clocks.timeNs(1, 4 * SECOND));
        // time 0 is the earliest event, and its time of day is known through the device's trace
        assertThat(clocks.timeNs(0, -90 * SECOND + 3 * MILLISECOND)).isZero();
        assertThat(clocks.startUnixNs()).isEqualTo(1_000 * SECOND);
    }

    @Test
    void devicesThatJoinGroupsTieAKernelLogToFtrace() {
        TraceReader log = trace(0, writer -> {
            for (int i = 2; i < 7; i++) {
                writer.at(i * MILLISECOND).consoleLine("pci 0000:00:0" + i + ".0: Adding to iommu group " + i);
            }
        });
        TraceReader ftrace = trace(0, writer -> {
            for (int i = 2; i < 7; i++) {
                writer.at(SECOND + i * MILLISECOND + 20_000)
                        .driverCall(CallPhase.POINT, i << 3, 0, 0, 0, 0, "add_device_to_group", "device=x group=" + i);
            }
        });
        ClockLink link = ClockAlignment.auto(List.of(log, ftrace)).links().get(0);
        assertThat(link.offsetNs()).isEqualTo(-SECOND - 20_000);
        assertThat(link.agreeing()).isEqualTo(5);
    }

    @Test
    void aLineThatTellsTheTimeIsTheLastResort() {
        TraceReader log = trace(
                0,
                writer -> writer.at(7 * SECOND)
                        .consoleLine("rtc_cmos 00:03: setting system clock to 2026-11-22T14:42:46 UTC (1795358566)"));
        TraceReader device = trace(1_795_358_560L * SECOND, writer -> use(writer, 5, 1));
        ClockLink link = ClockAlignment.auto(List.of(device, log)).links().get(0);
        assertThat(link.basis()).isEqualTo(ClockLink.Basis.CLOCK_LINE);
        // at 7 s of the kernel's clock the second ...66 has begun, ...60 is 0: between -1 s and 1 s
        assertThat(link.lowNs()).isEqualTo(-SECOND);
        assertThat(link.highNs()).isEqualTo(SECOND);
    }

    @Test
    void aStateStandsBeforeWhatHappened() {
        TraceReader state = trace(0, writer -> {
            writer.at(0).mark(0, "a");
            writer.mark(0, "b");
        });
        TraceReader log = trace(0, writer -> {
            writer.at(5 * SECOND).mark(0, "c");
            writer.at(6 * SECOND).mark(0, "d");
        });
        ClockAlignment first = ClockAlignment.auto(List.of(state, log));
        assertThat(first.timeNs(0, 0)).isLessThan(first.timeNs(1, 5 * SECOND));
        ClockAlignment second = ClockAlignment.auto(List.of(log, state));
        assertThat(second.timeNs(1, 0)).isLessThan(second.timeNs(0, 5 * SECOND));
    }

    @Test
    void givenOffsetsAreTakenAsTheyAre() {
        TraceReader one = trace(0, writer -> writer.at(5).mark(0, ""));
        TraceReader two = trace(0, writer -> writer.at(5).mark(0, ""));
        ClockAlignment clocks = ClockAlignment.offsets(List.of(one, two), -3);
        assertThat(clocks.timeNs(0, 5)).isEqualTo(8);
        assertThat(clocks.timeNs(1, 5)).isEqualTo(5);
        assertThatThrownBy(() -> ClockAlignment.offsets(List.of(one, two)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
