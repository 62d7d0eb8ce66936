package org.iorewind.replay;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.StartState;
import org.iorewind.trace.sbe.TranslationOutcome;

/**
 * A hand-made session for tests: one device 00:06.0 in domain 5, a three-level table, a ring of 256 commands.
 *
 * <pre>
 *   device table 0x100000   ring 0x200000   event log 0x210000
 *   level 3 0x300000 ─▶ level 2 0x301000 ─▶ level 1 0x302000    (addresses below 2 MiB)
 * </pre>
 */
public final class SmallSession implements AutoCloseable {
    public static final int DEVICE = 0x30;
    public static final int DOMAIN = 5;
    public static final long DEVICE_TABLE = 0x10_0000;
    public static final long RING = 0x20_0000;
    public static final long EVENT_LOG = 0x21_0000;
    public static final long LEVEL_3 = 0x30_0000;
    public static final long LEVEL_2 = 0x30_1000;
    public static final long LEVEL_1 = 0x30_2000;
    private static final long READ_WRITE = 3L << 61;
    private static final long PRESENT = 1;
    private static final int PAGE = 4096;

    private final Path file;
    private final ArchiveWriter archive;
    private final EventWriter writer;
    private boolean isTableFilled;
    private int tail;
    private long time;

    /** A session in a file. */
    public SmallSession(Path file, String profile, Fidelity fidelity) {
        this(file, profile, fidelity, 0, 0, 0);
    }

    private SmallSession(
            Path file, String profile, Fidelity fidelity, long observes, int deviceOptions, long features) {
        this.file = file;
        archive = ArchiveWriter.create(file);
        writer = new EventWriter(archive);
        writer.sessionStart(new SessionInfo(
                1,
                2,
                fidelity,
                StartState.RESET,
                1,
                0,
                0,
                features,
                0,
                observes,
                deviceOptions,
                profile,
                "test",
                "",
                "a hand-made session"));
    }

    /** With tables, ring and log in place and the IOMMU on. */
    public static SmallSession running(Path file) {
        return observing(file, 0);
    }

    /** The same from a source that promises to miss none of these observations. */
    public static SmallSession observing(Path file, long observes) {
        return observing(file, observes, 0, 0);
    }

    /** The same of a device with these options and this EFR. */
    public static SmallSession observing(Path file, long observes, int deviceOptions, long features) {
        return new SmallSession(file, "spec", Fidelity.FULL, observes, deviceOptions, features).setUp();
    }

    /** The same where an event announces the IOMMU, as scenarios have it. */
    public static SmallSession announced(Path file) {
        SmallSession session = new SmallSession(file, "spec", Fidelity.FULL);
        session.events().iommuStart(new IommuInfo(0, 0, 0, 0, 0, "spec"));
        return session.setUp();
    }

    /** The same where the devices before it are blocked by their entries (reference 2.4): V=1, TV=1, Mode=0, no rights. */
    public static SmallSession blocking(Path file, int deviceOptions, long features) {
        SmallSession session =
                new SmallSession(file, "spec", Fidelity.FULL, 0, deviceOptions, features).page(DEVICE_TABLE);
        byte[] blocked = new byte[DEVICE * 32];
        for (int entry = 0; entry < blocked.length; entry += 32) {
            blocked[entry] = 3;
        }
        session.isTableFilled = true;
        session.events()
                .memoryWrite(MemoryOrigin.SNAPSHOT, MemoryRegion.UNSPECIFIED, DEVICE_TABLE, blocked, 0, blocked.length);
        return session.setUp();
    }

    private SmallSession setUp() {
        if (!isTableFilled) {
            page(DEVICE_TABLE);
        }
        page(RING).page(EVENT_LOG).page(LEVEL_3).page(LEVEL_2).page(LEVEL_1);
        store(DEVICE_TABLE + DEVICE * 32L, LEVEL_3 | 3L << 9 | READ_WRITE | 3);
        store(DEVICE_TABLE + DEVICE * 32L + 8, DOMAIN);
        store(LEVEL_3, LEVEL_2 | 2L << 9 | READ_WRITE | PRESENT);
        store(LEVEL_2, LEVEL_1 | 1L << 9 | READ_WRITE | PRESENT);
        register(0x00, DEVICE_TABLE);
        register(0x08, RING | 8L << 56);
        register(0x10, EVENT_LOG | 8L << 56);
        register(0x18, 1 | 1 << 2 | 1 << 12);
        return this;
    }

    /** For events that have no short form here. */
    public EventWriter events() {
        writer.at(time += 1000);
        return writer;
    }

    /** A page of zeros. */
    public SmallSession page(long address) {
        events().memoryWrite(MemoryOrigin.SNAPSHOT, MemoryRegion.UNSPECIFIED, address, new byte[PAGE], 0, PAGE);
        return this;
    }

    /** A CPU's store. */
    public SmallSession store(long address, long value) {
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        events().memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, address, bytes, 0, 8);
        return this;
    }

    /** A write of a 64-bit register. */
    public SmallSession register(long offset, long value) {
        events().mmioWrite(MmioSpace.HOST, 8, offset, value);
        return this;
    }

    /** Maps a page below 2 MiB for reading and writing. */
    public SmallSession map(long iova, long physical) {
        return store(LEVEL_1 + (iova >>> 12) * 8, physical | READ_WRITE | PRESENT);
    }

    /** Clears the entry of a page below 2 MiB. */
    public SmallSession unmap(long iova) {
        return store(LEVEL_1 + (iova >>> 12) * 8, 0);
    }

    /** Puts a command into the ring and rings the doorbell. */
    public SmallSession command(long qword0, long qword1) {
        store(RING + tail, qword0);
        store(RING + tail + 8, qword1);
        tail += 16;
        return register(0x2008, tail);
    }

    /** Drops all cached translations of the domain. */
    public SmallSession flush() {
        return command(3L << 60 | (long) DOMAIN << 32, 0x7FFF_FFFF_FFFF_F003L);
    }

    /** A DMA request. */
    public SmallSession dma(DmaAccess access, long address) {
        events().dmaRequest(access, DEVICE, address, 64, -1);
        return this;
    }

    /** What the recorded device did with the last request. */
    public SmallSession observed(TranslationOutcome outcome, CacheAnswer cache, long address, long result) {
        events().translation(outcome, cache, 0, DEVICE, DOMAIN, -1, address, result);
        return this;
    }

    /** Ends and opens the session. */
    public TraceReader open() {
        events().sessionEnd(EndReason.CLEAN, "");
        archive.close();
        return Traces.open(file);
    }

    @Override
    public void close() {
        archive.close();
    }
}
