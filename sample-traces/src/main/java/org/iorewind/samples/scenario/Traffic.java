package org.iorewind.samples.scenario;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.samples.workload.Work;

/** What the NIC of a guest and its driver do for a workload, once a call. All chance is the seed's. Not thread-safe. */
final class Traffic {
    /** Bytes of guest memory that buffers are taken from. */
    static final long BUFFERS = 32L << 20;

    private static final int IN_FLIGHT = 4;
    private static final int PAGE = GuestNic.PAGE;
    private static final long LARGE = 2L << 20;
    /** Below what the driver gives away, which begins at the top. */
    private static final long NEVER_MAPPED = 0x1000_0000L;

    private static final int STRAY_PAGES = 1 << 12;

    private final GuestNic nic;
    private final PageAllocator buffers;
    private final Random random;
    private final TrafficMix mix;
    private final Deque<long[]> flying = new ArrayDeque<>();
    private long lastUnmapped = NEVER_MAPPED;

    Traffic(GuestNic nic, PageAllocator buffers, long seed) {
        this.nic = nic;
        this.buffers = buffers;
        this.random = new Random(seed);
        this.mix = TrafficMix.ofCaptures();
    }

    /** Does a piece of work once. */
    void run(Work work) {
        switch (work.action()) {
            case PACKET -> packet(work.leastBytes(), work.mostBytes());
            case STRAY -> stray();
            case LATE -> late();
            default -> mixed();
        }
    }

    private void packet(long least, long most) {
        long pages = least / PAGE + (long) random.nextInt((int) ((most - least) / PAGE) + 1);
        long[] packet = take(pages * PAGE);
        nic.transfer(packet[0], packet[1]);
    }

    /** A buffer, mapped; the oldest one goes when too many are in flight. */
    private long[] take(long bytes) {
        if (flying.size() >= IN_FLIGHT) {
            finish(flying.remove());
        }
        long physical = buffers.allocate(bytes, bytes >= LARGE ? LARGE : PAGE);
        long[] packet = {nic.map(physical, bytes), bytes, physical};
        flying.add(packet);
        return packet;
    }

    private void stray() {
        long address = NEVER_MAPPED + (long) random.nextInt(STRAY_PAGES) * PAGE;
        nic.nic().load(EffectSink.NO_PASID, address);
    }

    private void late() {
        release();
        nic.nic().request(EffectSink.NO_PASID, lastUnmapped, Long.BYTES, AccessKind.WRITE);
    }

    private void mixed() {
        long[] packet = take(mix.pages(random) * PAGE);
        long pages = packet[1] / PAGE;
        long page = 0;
        for (long left = mix.requests(random); left > 0; left--) {
            page = Math.floorMod(page + mix.step(random, pages), pages);
            long address = packet[0] + page * PAGE;
            if (mix.isWrite(random)) {
                nic.nic().store(EffectSink.NO_PASID, address, left);
            } else {
                nic.nic().load(EffectSink.NO_PASID, address);
            }
        }
    }

    private void finish(long[] packet) {
        nic.unmap(packet[0], packet[1]);
        buffers.free(packet[2], packet[1]);
        lastUnmapped = packet[0];
    }

    private void release() {
        flying.forEach(this::finish);
        flying.clear();
    }

    /** Unmaps what is in flight, and flushes what waits. */
    void settle() {
        release();
        BareMachine.done(nic.driver().tick());
    }
}
