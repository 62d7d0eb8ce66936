package org.iorewind.model.platform.device;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.log.PageRequestDescriptor;
import org.iorewind.model.platform.DevicePort;

/**
 * An accelerator that works in the address spaces of processes: it translates by its cache ({@link DeviceAtc}), asks for pages
 * that are missing, and tries again, once, when it is answered (MC-V43). Not thread-safe.
 *
 * <pre>
 *   submit ─▶ cache, translation request ─┬─▶ translated request                      done
 *                                         └─▶ page request ··· response ─▶ resume ─▶  done, or failed
 * </pre>
 *
 * <p>It notes what it hears and acts by {@link #resume} and {@link #answerInvalidations}, which are to be called after the call
 * that it heard it from.
 */
public final class SharingDevice {
    /** An access that waits for a page. */
    private static final class Work {
        private final int pasid;
        private final long address;
        private final AccessKind access;
        private final int group;
        private int response = NO_RESPONSE;

        private Work(int pasid, long address, AccessKind access, int group) {
            this.pasid = pasid;
            this.address = address;
            this.access = access;
            this.group = group;
        }
    }

    private static final int NO_RESPONSE = -1;
    private static final int TAGS = 32;

    private final DevicePort port;
    private final DeviceAtc cache;
    private final InvalidationManners manners;
    private final List<Work> waiting = new ArrayList<>();
    private int nextGroup;
    private int heardTags;
    private long done;
    private long failed;

    private SharingDevice(DevicePort port, int entries, InvalidationManners manners) {
        this.port = port;
        this.cache = new DeviceAtc(port.requester(), entries);
        this.manners = manners;
    }

    /**
     * Puts an accelerator behind its IOMMU.
     *
     * @param entries of its cache, at least 1
     * @param manners what it does with invalidation requests
     */
    public static SharingDevice behind(DevicePort port, int entries, InvalidationManners manners) {
        SharingDevice device = new SharingDevice(port, entries, manners);
        port.listen(device.new Ears());
        return device;
    }

    /**
     * Wants to reach memory.
     *
     * @param pasid PASID, or {@link EffectSink#NO_PASID}
     * @return whether it is done; otherwise it has failed, or waits for its page
     */
    public boolean submit(int pasid, long address, AccessKind access) {
        AtcAccess way = cache.access(port, pasid, address, access);
        if (way == AtcAccess.PAGE_NEEDED) {
            askForPage(new Work(pasid, address, access, nextGroup));
            return false;
        }
        return finish(way);
    }

    private void askForPage(Work work) {
        nextGroup = nextGroup + 1 & PageRequestDescriptor.GROUP_MASK;
        waiting.add(work);
        int rights = work.access.isWrite()
                ? PageRequestDescriptor.READ | PageRequestDescriptor.WRITE
                : PageRequestDescriptor.READ;
        PageRequestDecision decision =
                port.pageRequest(work.pasid, work.address, rights | PageRequestDescriptor.USER, work.group, true);
        if (decision == PageRequestDecision.LOST) {
            work.response = PageRequestDescriptor.RESPONSE_FAILURE;
        }
    }

    private boolean finish(AtcAccess way) {
        boolean isDone =
                way != AtcAccess.FAILED && way != AtcAccess.PAGE_NEEDED && DevicePort.isReached(cache.lastDecision());
        done += isDone ? 1 : 0;
        failed += isDone ? 0 : 1;
        return isDone;
    }

    /**
     * Tries what waited for pages and was answered again, once.
     *
     * @return how much is done now
     */
    public int resume() {
        int finished = 0;
        for (Work work : List.copyOf(waiting)) {
            if (work.response != NO_RESPONSE) {
                waiting.remove(work);
                boolean mayTry = work.response == PageRequestDescriptor.RESPONSE_SUCCESS;
                AtcAccess way = mayTry ? cache.access(port, work.pasid, work.address, work.access) : AtcAccess.FAILED;
                finished += finish(way) ? 1 : 0;
            }
        }
        return finished;
    }

    /** Answers the invalidation requests that it has heard, unless it keeps silent. */
    public void answerInvalidations() {
        int tags = heardTags;
        heardTags = 0;
        if (tags != 0 && manners != InvalidationManners.KEEPS_SILENT) {
            port.invalidationResponse(tags);
        }
    }

    /** Its cache. */
    public DeviceAtc cache() {
        return cache;
    }

    /** How much waits for pages. */
    public int waiting() {
        return waiting.size();
    }

    /** How much is done. */
    public long done() {
        return done;
    }

    /** How much has failed. */
    public long failed() {
        return failed;
    }

    /** What the device hears of its IOMMU. */
    private final class Ears implements EffectSink {
        @Override
        public void translationAnswer(
                int requester,
                int pasid,
                long address,
                AtsStatus status,
                TranslationDecision decision,
                int domain,
                long result,
                int pageShift,
                int bits,
                boolean cacheHit) {
            cache.translationAnswer(
                    requester, pasid, address, status, decision, domain, result, pageShift, bits, cacheHit);
        }

        @Override
        public void deviceInvalidation(
                int requester, int pasid, long address, long sizeBytes, int type, int queue, int mostPending, int tag) {
            if (requester != port.requester()) {
                return;
            }
            heardTags |= 1 << tag % TAGS;
            if (manners != InvalidationManners.IGNORES) {
                cache.deviceInvalidation(requester, pasid, address, sizeBytes, type, queue, mostPending, tag);
            }
        }

        @Override
        public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
            for (Work work : waiting) {
                if (requester == port.requester() && work.group == tagOrGroup && work.pasid == pasid) {
                    work.response = code;
                }
            }
        }
    }
}
