package org.iorewind.analyze.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.EffectSink;

/**
 * A device that was given a translation by ATS keeps it until INVALIDATE_IOTLB_PAGES tells it otherwise (reference 3.3, 9.2):
 * what is judged is only what a device really asked for. Bounded: translations beyond the limit are not judged. Not
 * thread-safe.
 */
final class DeviceTlbRules implements ShadowListener {
    private static final int MOST_HOLDERS = 4096;
    private static final int MOST_PAGES = 1 << 16;
    private static final long ABSENT = -1;

    private record Holder(AddressSpace space, int device) {}

    /** Pages by their first address. */
    private static final class Held {
        /** What the device may hold, by the event that gave it. */
        private final Long2LongHashMap given = new Long2LongHashMap(ABSENT);

        /** What it may hold and the tables no longer say, by the event that changed them. */
        private final Long2LongHashMap stale = new Long2LongHashMap(ABSENT);

        private long youngestTold = ABSENT;
    }

    private final Moment now;
    private final Findings findings;
    private final Map<Holder, Held> holders = new LinkedHashMap<>();

    DeviceTlbRules(Moment now, Findings findings) {
        this.now = now;
        this.findings = findings;
    }

    /** A device was given a translation. */
    void given(AddressSpace space, int device, long address, int pageShift) {
        Holder holder = new Holder(space, device);
        Held held = holders.get(holder);
        if (held == null) {
            if (holders.size() >= MOST_HOLDERS) {
                return;
            }
            held = new Held();
            holders.put(holder, held);
        }
        if (held.given.size() < MOST_PAGES) {
            held.given.put(address & -1L << pageShift, now.sequence());
        }
    }

    @Override
    public void pageChanged(
            AddressSpace space, long address, int level, int shift, long before, long after, boolean isCertain) {
        if (holders.isEmpty()) {
            return;
        }
        for (Map.Entry<Holder, Held> each : holders.entrySet()) {
            if (each.getKey().space() == space) {
                changed(each.getKey(), each.getValue(), address, level, before, after, isCertain);
            }
        }
    }

    private void changed(
            Holder holder, Held held, long address, int level, long before, long after, boolean isCertain) {
        AddressSpace space = holder.space();
        long since = held.stale.get(address);
        if (since != ABSENT && Entries.isPresent(after) && since != now.sequence()) {
            held.stale.remove(address);
            if (isCertain) {
                report(holder, address, since, "the address was mapped again");
            }
        }
        boolean wasGiven = held.given.get(address) != ABSENT;
        boolean isOther = !Entries.isPresent(after)
                || Entries.target(space, before, level, address) != Entries.target(space, after, level, address)
                || (Entries.rights(space, before) & ~Entries.rights(space, after)) != 0;
        if (wasGiven && Entries.isPresent(before) && isOther && isCertain) {
            held.given.remove(address);
            held.stale.put(address, now.sequence());
        }
    }

    /** A request to drop translations went to a device; without a PASID it is taken to be of all. */
    void told(int device, int pasid, long first, long bytes) {
        for (Map.Entry<Holder, Held> each : holders.entrySet()) {
            AddressSpace space = each.getKey().space();
            boolean isOfIt = each.getKey().device() == device
                    && space.iommu() == now.iommu()
                    && (pasid == EffectSink.NO_PASID || space.pasid() == pasid);
            if (isOfIt) {
                told(each.getValue(), first, bytes);
            }
        }
    }

    private static void told(Held held, long first, long bytes) {
        held.given.keySet().removeIfLong(page -> covers(first, bytes, page));
        long[] youngest = {held.youngestTold};
        held.stale.forEachLong((page, since) -> {
            if (covers(first, bytes, page)) {
                youngest[0] = Math.max(youngest[0], since);
            }
        });
        held.youngestTold = youngest[0];
        held.stale.keySet().removeIfLong(page -> covers(first, bytes, page));
    }

    private static boolean covers(long first, long bytes, long page) {
        return bytes < 0 || Long.compareUnsigned(page, first) >= 0 && Long.compareUnsigned(page - first, bytes) < 0;
    }

    /** Events are missing, or everything begins anew. */
    void forgetAll() {
        holders.clear();
    }

    /** The recording is over: what younger requests passed over is missing. */
    void end() {
        holders.forEach((holder, held) -> held.stale.forEachLong((page, since) -> {
            if (since < held.youngestTold) {
                report(holder, page, since, "younger changes were told to the device");
            }
        }));
    }

    private void report(Holder holder, long address, long since, String how) {
        findings.report(
                ProtocolRules.DEVICE_TLB_NOT_INVALIDATED,
                new Where(
                        holder.space().iommu(), holder.device(), holder.space().domain()),
                now.sequence(),
                now.timeNs(),
                () -> new Words(
                        "The device was given a translation of " + Notation.hex(address)
                                + ", which changed; no INVALIDATE_IOTLB_PAGES told the device, and " + how + ".",
                        List.of(
                                new Evidence(since, "changed " + Notation.hex(address)),
                                new Evidence(now.sequence(), how))));
    }
}
