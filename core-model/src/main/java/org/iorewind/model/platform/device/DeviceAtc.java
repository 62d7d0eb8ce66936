package org.iorewind.model.platform.device;

import java.util.Arrays;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.ats.AtsAnswerDescriptor;
import org.iorewind.model.platform.DevicePort;

/**
 * A device with an address translation cache (reference 7.1): it asks the IOMMU for translations, keeps them, and sends
 * translated requests by them until an invalidation request or a reset drops them. Whoever forgets the invalidation sees the
 * device use the old page.
 *
 * <pre>
 *   PASID  page of the untranslated address  size  ─▶  page, rights, attributes
 * </pre>
 *
 * <p>It must hear what the IOMMU tells; it only drops and fills its own entries then. The oldest entry goes when there is no
 * room. Types of invalidations are told apart as far as known (MC-172, MC-173). Not thread-safe; allocates nothing after
 * construction.
 */
public final class DeviceAtc implements EffectSink {
    private static final int GLOBAL_TYPE = 1;
    private static final int PAGE_BYTES = 4096;
    private static final int NONE = -1;

    private final int requester;
    private final int[] pasids;
    private final long[] pages;
    private final int[] shifts;
    private final long[] results;
    private final int[] bits;
    private int next;
    private boolean isEnabled = true;
    private AtsStatus lastStatus = AtsStatus.UNDECIDED;
    private TranslationDecision lastDecision = TranslationDecision.ABORTED;

    /**
     * An empty cache.
     *
     * @param requester DeviceID, 16 bits
     * @param entries at least 1
     */
    public DeviceAtc(int requester, int entries) {
        this.requester = requester;
        this.pasids = new int[entries];
        this.pages = new long[entries];
        this.shifts = new int[entries];
        this.results = new long[entries];
        this.bits = new int[entries];
    }

    /** Switches the device off and on: the cache is empty, and asks for translations again. */
    public void reset() {
        Arrays.fill(bits, 0);
        next = 0;
        isEnabled = true;
    }

    /**
     * Reaches for memory, by the cache where it can. A cached right that does not suffice is asked for again, once. When the
     * IOMMU says that translations are not supported, the device does without from now on (MC-174).
     *
     * @param port of the device
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address untranslated
     * @param access what the device wants
     */
    public AtcAccess access(DevicePort port, int pasid, long address, AccessKind access) {
        int found = isEnabled ? find(pasid, address) : NONE;
        if (isEnabled && (found == NONE || !suffices(found, access))) {
            lastStatus = port.translationRequest(pasid, address, PAGE_BYTES, !access.isWrite());
            isEnabled = lastStatus != AtsStatus.UNSUPPORTED_REQUEST;
            if (lastStatus == AtsStatus.COMPLETER_ABORT || lastStatus == AtsStatus.UNDECIDED) {
                return AtcAccess.FAILED;
            }
            found = isEnabled ? find(pasid, address) : NONE;
        }
        if (!isEnabled || found != NONE && isUntranslatedOnly(found)) {
            lastDecision = port.request(pasid, address, 1, access);
            return AtcAccess.UNTRANSLATED;
        }
        if (found == NONE || !suffices(found, access)) {
            return AtcAccess.PAGE_NEEDED;
        }
        long physical = results[found] | address & (1L << shifts[found]) - 1;
        lastDecision = port.translatedRequest(pasid, physical, 1, access);
        return AtcAccess.TRANSLATED;
    }

    /**
     * Where the cache says that an address is; -1 when it does not know.
     *
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address untranslated
     */
    public long cached(int pasid, long address) {
        int found = find(pasid, address);
        return found == NONE ? NONE : results[found] | address & (1L << shifts[found]) - 1;
    }

    /** How many translations the cache holds. */
    public int size() {
        int size = 0;
        for (int entryBits : bits) {
            size += entryBits != 0 ? 1 : 0;
        }
        return size;
    }

    /** How the last translation request was completed. */
    public AtsStatus lastStatus() {
        return lastStatus;
    }

    /** What became of the last request that was sent to memory. */
    public TranslationDecision lastDecision() {
        return lastDecision;
    }

    @Override
    public void translationAnswer(
            int answeredRequester,
            int pasid,
            long address,
            AtsStatus status,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int answerBits,
            boolean cacheHit) {
        if (answeredRequester != requester || !AtsAnswerDescriptor.grants(answerBits)) {
            return;
        }
        int known = find(pasid, address);
        int slot = known == NONE ? next : known;
        next = known == NONE ? (next + 1) % bits.length : next;
        pasids[slot] = pasid;
        pages[slot] = address & -1L << pageShift;
        shifts[slot] = pageShift;
        results[slot] = result;
        bits[slot] = answerBits;
    }

    @Override
    public void deviceInvalidation(
            int invalidatedRequester,
            int pasid,
            long address,
            long sizeBytes,
            int type,
            int queue,
            int mostPending,
            int tag) {
        if (invalidatedRequester != requester) {
            return;
        }
        for (int i = 0; i < bits.length; i++) {
            if (isMeant(i, pasid, type) && overlaps(i, address, sizeBytes)) {
                bits[i] = 0;
            }
        }
    }

    private boolean isMeant(int i, int pasid, int type) {
        if (pasid == NO_PASID || pasids[i] == NO_PASID) {
            return pasids[i] == pasid;
        }
        return pasids[i] == pasid || type == GLOBAL_TYPE || isGlobal(i);
    }

    private boolean overlaps(int i, long address, long sizeBytes) {
        long last = sizeBytes == NONE ? NONE : address + sizeBytes - 1;
        long pageLast = pages[i] + (1L << shifts[i]) - 1;
        return Long.compareUnsigned(pages[i], last) <= 0 && Long.compareUnsigned(address, pageLast) <= 0;
    }

    private int find(int pasid, long address) {
        for (int i = 0; i < bits.length; i++) {
            boolean isOfSpace = pasids[i] == pasid || pasid != NO_PASID && isGlobal(i);
            if (bits[i] != 0 && isOfSpace && pages[i] == (address & -1L << shifts[i])) {
                return i;
            }
        }
        return NONE;
    }

    private boolean isGlobal(int i) {
        return (bits[i] & AtsAnswerDescriptor.GLOBAL) != 0 && pasids[i] != NO_PASID;
    }

    private boolean isUntranslatedOnly(int i) {
        return (bits[i] & AtsAnswerDescriptor.UNTRANSLATED_ONLY) != 0;
    }

    private boolean suffices(int i, AccessKind access) {
        return access.isAllowedBy(bits[i] & AccessKind.RIGHTS_ALL);
    }
}
