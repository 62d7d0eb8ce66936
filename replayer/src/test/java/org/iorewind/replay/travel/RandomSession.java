package org.iorewind.replay.travel;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.iorewind.model.iommu.Profile;
import org.iorewind.replay.SmallSession;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.TranslationOutcome;

/** Sessions of chance: maps, unmaps, DMA with and without observations, right and wrong ones, resets, failures, gaps. */
public final class RandomSession {
    private static final long OBSERVED =
            SessionInfo.observesBit(EventKind.TRANSLATION) | SessionInfo.observesBit(EventKind.COMMAND_CONSUMED);

    private RandomSession() {}

    /** A trace of about {@code length} events. */
    public static TraceReader of(Path file, long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        SmallSession session = SmallSession.observing(file, random.nextBoolean() ? OBSERVED : 0);
        boolean hasSecond = false;
        for (int i = 0; i < length; i++) {
            long iova = (long) random.nextInt(24) << 12;
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> session.map(iova, 0x4000_0000L + iova);
                case 3 -> session.unmap(iova);
                case 4, 5 -> session.flush();
                case 6, 7, 8 -> session.dma(random.nextBoolean() ? DmaAccess.READ : DmaAccess.WRITE, iova | 8);
                case 9, 10 ->
                    session.dma(DmaAccess.READ, iova)
                            .observed(TranslationOutcome.TRANSLATED, CacheAnswer.UNKNOWN, iova, 0x4000_0000L + iova);
                case 11 ->
                    session.dma(DmaAccess.READ, iova).observed(TranslationOutcome.FAULT, CacheAnswer.UNKNOWN, iova, 0);
                case 12 -> {
                    session.events().mmioRead(MmioSpace.HOST, 8, 0x2018);
                    session.events().mmioReadValue(MmioSpace.HOST, 8, RegisterReport.READ, 0x2018, i & 0x30);
                }
                case 13 -> session.events().mark(i, "mark");
                case 14 -> rare(session, random, iova);
                default -> {
                    if (!hasSecond) {
                        hasSecond = true;
                        session.events()
                                .iommuStart(new org.iorewind.trace.IommuInfo(
                                        0x29D3, 0, 0, 0, 0, Profile.QEMU_11_1.label()));
                    } else {
                        session.store(SmallSession.LEVEL_1 + 0x800, i);
                    }
                }
            }
        }
        return session.open();
    }

    private static void rare(SmallSession session, SplittableRandom random, long iova) {
        EventWriter events = session.events();
        switch (random.nextInt(8)) {
            case 0 -> events.gap(GapReason.QUEUE_FULL, 3, 0, "");
            case 1 -> events.injected(InjectedAction.MEMORY_ABORT, SmallSession.LEVEL_1, 0, 8, "");
            case 2 -> events.injected(InjectedAction.MEMORY_HEAL, SmallSession.LEVEL_1, 0, 8, "");
            case 3 -> events.injected(InjectedAction.FORCE_REGISTER, 0x20, iova, 0, "");
            default -> session.store(SmallSession.DEVICE_TABLE + SmallSession.DEVICE * 32L + 8, 5 + random.nextInt(2));
        }
    }
}
