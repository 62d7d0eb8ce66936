package org.iorewind.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.PageRight;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.ExitReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.InvalidationOutcome;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.StartState;
import org.iorewind.trace.sbe.TranslationOutcome;

/** An archive with one event of every kind, and texts that would act on a terminal. */
public final class SmallTrace {
    /** Text that clears the screen and turns the reading direction. */
    public static final String HOSTILE = "\u001b[2J\u202e<script>";

    /** Events in the archive. */
    public static final int EVENTS = 34;

    private SmallTrace() {}

    /** Writes it. */
    public static Path write(Path file) {
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            EventWriter write = new EventWriter(archive);
            write.at(0).sessionStart(session());
            inputs(write);
            observations(write);
            markers(write);
            write.at(9_000_000_000L).sessionEnd(EndReason.CLEAN, "");
        }
        return file;
    }

    private static SessionInfo session() {
        return new SessionInfo(
                1,
                2,
                Fidelity.OBSERVED,
                StartState.RESET,
                1,
                0,
                0xfed8_0000L,
                0x29d3,
                0,
                0,
                0,
                "qemu-11.1",
                "a test",
                "platform " + HOSTILE,
                "Nothing is missing.");
    }

    private static void inputs(EventWriter write) {
        byte[] page = new byte[4096];
        page[0] = (byte) 0xab;
        write.at(1_000_000_000L).mmioWrite(MmioSpace.HOST, 8, 0x2008, 0x40);
        write.mmioWrite(MmioSpace.HOST, 4, 0x1c, 7);
        write.mmioRead(MmioSpace.VF, 8, 0x2020);
        write.memoryWrite(
                MemoryOrigin.CPU_STORE, MemoryRegion.TABLE_LEVEL_1, 0x1000, new byte[] {1, 0, 0, 0, 0, 0, 0, 1}, 0, 8);
        write.memoryWrite(MemoryOrigin.SNAPSHOT, MemoryRegion.DEVICE_TABLE, 0x2000, page, 0, page.length);
        write.dmaRequest(DmaAccess.READ, 0x30, 0x10_0000, 4, EventWriter.NO_PASID);
        write.flags(EventFlag.REQUESTER_TRUNCATED | EventFlag.LATE).interruptRequest(0xa0, 0xfee0_0000L, 0x31);
        write.flags(0).guest(3).atsRequest(true, 0x30, 0x4000, 4096, 5);
        write.guest(EventWriter.NO_GUEST);
        write.pageRequest(PageRight.KNOWN | PageRight.READ, 0x30, 0x5000, 5, 9, true);
        write.invalidateResponse(InvalidationOutcome.TIMED_OUT, 0x30, 5);
        write.injected(InjectedAction.MEMORY_POISON, 0x1000, 0, 0x1000, "a broken bank");
        write.iommu(1)
                .iommuStart(new IommuInfo(0x29d3, 0, IommuInfo.NOT_PRESENT_CACHED, 0x1_0000_0000L, 0x800_0000, "spec"));
        write.iommu(0);
    }

    private static void observations(EventWriter write) {
        write.at(2_000_000_000L).mmioReadValue(MmioSpace.HOST, 8, RegisterReport.READ, 0x2020, 3);
        write.commandConsumed(0x40, 0x50, 0x11e_6000, 3L << 60 | 2L << 32, -1, 0x7fff_ffff_ffff_f001L, -1);
        write.commandConsumed(0x50, 0x60, 0x11e_6000, 0, 0, 0, 0);
        write.translation(
                TranslationOutcome.TRANSLATED,
                CacheAnswer.HIT,
                PageRight.KNOWN | PageRight.READ,
                0x10,
                2,
                EventWriter.NO_PASID,
                0xffff_e000L,
                0x10aa_2000);
        write.dmaRequest(DmaAccess.READ, 0x30, 0x10_0000, 4, EventWriter.NO_PASID);
        write.translation(
                TranslationOutcome.FAULT,
                CacheAnswer.UNKNOWN,
                0,
                0x30,
                EventWriter.NO_DOMAIN,
                EventWriter.NO_PASID,
                0x10_0000,
                0);
        write.translation(
                TranslationOutcome.TRANSLATED,
                CacheAnswer.MISS,
                0xFF,
                0x30,
                2,
                EventWriter.NO_PASID,
                0x20_0000,
                0x4000_0000,
                21);
        write.translation(
                TranslationOutcome.NO_RIGHTS,
                CacheAnswer.MISS,
                PageRight.KNOWN,
                0x30,
                2,
                EventWriter.NO_PASID,
                0x40_0000,
                0);
        write.pageResponse(0, 0x30, 9, 5);
        write.logEntry(LogKind.EVENT, 0x10, 2L << 60 | 0x30, -1, 0x10_0000, -1);
        write.completionStore(0x11d_a000, 1);
        write.interruptDelivered(InterruptOutcome.REMAPPED, 4, 0x4041, 0xfee0_0000L, 0x3000, 0x41, 0);
        write.vmExit(ExitReason.MMIO, 0xfed8_2008L, 1_500);
    }

    private static void markers(EventWriter write) {
        write.at(3_000_000_000L).driverCall(CallPhase.EXIT, 0x10, -12, 0x1000, 0x2000, 4096, "map", "prot=3");
        write.phase(CallPhase.ENTER, "boot");
        write.consoleLine(HOSTILE);
        write.mark(1, "here");
        write.gap(GapReason.QUEUE_FULL, 12, 1_000_000, "");
        write.stateHash(0x1234, "spec");
        write.checkpoint(1, 0x1234, "spec", "state".getBytes(StandardCharsets.UTF_8), 0, 5);
    }
}
