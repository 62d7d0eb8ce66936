package org.iorewind.model.iommu.cache;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.iommu.EffectSink;

/**
 * The host leaf TLB and the guest TLB (reference 9.1), set-associative, least recently used out.
 *
 * <pre>
 *   host    DomainID  no PASID  frame of the IOVA  ─▶  page, rights
 *   guest   DomainID  PASID     frame of the GVA   ─▶  page of both stages, rights, size of the guest's page, combined?
 * </pre>
 *
 * <p>Both share the sets, but an entry of one kind never answers for the other.
 *
 * <p>An entry serves one 4 KiB frame; a large page takes an entry for each frame that is used (MC-6). The rights are those
 * of the tables; the device table entry's are added by the user, since devices share a domain. With NpCache an entry may
 * say that its frame is not mapped; it spans that frame alone (MC-125). Not thread-safe; allocates nothing after
 * construction.
 */
public final class SetAssociativeTlb implements TranslationCache {
    private final LruSets sets;
    private final CacheCounters hostCounters = new CacheCounters();
    private final CacheCounters guestCounters = new CacheCounters();
    private int foundDomain;
    private long found;

    /**
     * An empty cache.
     *
     * @param sets a power of two
     * @param ways at least 1
     */
    public SetAssociativeTlb(int sets, int ways) {
        this.sets = new LruSets(new CacheGeometry(sets, ways));
    }

    @Override
    public boolean findForDevice(int requester, long address) {
        return false;
    }

    @Override
    public boolean findForDomain(int domain, long address) {
        return hostCounters.looked(find(domain, EffectSink.NO_PASID, address));
    }

    @Override
    public boolean findForGuest(int domain, int pasid, long address) {
        return guestCounters.looked(find(domain, pasid, address));
    }

    @Override
    public boolean holds(int requester, int domain, long address) {
        long tag = CacheTag.of(domain, EffectSink.NO_PASID, 0);
        return domain >= 0 && sets.holds(tag, address >>> CachedPage.FRAME_SHIFT);
    }

    @Override
    public List<CachedTranslation> entries() {
        List<CachedTranslation> entries = new ArrayList<>();
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            long tag = sets.tag(at);
            if (tag != CacheTag.UNUSED) {
                long value = sets.value(at);
                entries.add(new CachedTranslation(
                        -1,
                        CacheTag.domain(tag),
                        CacheTag.highPart(tag) - 1,
                        sets.key(at) << CachedPage.FRAME_SHIFT,
                        CachedPage.page(value),
                        CachedPage.shift(value),
                        CachedPage.rights(value),
                        false,
                        CachedPage.isNotPresent(value)));
            }
        }
        return entries;
    }

    private boolean find(int domain, int pasid, long address) {
        int at = sets.find(CacheTag.of(domain, pasid, 0), address >>> CachedPage.FRAME_SHIFT);
        if (at == LruSets.NONE) {
            return false;
        }
        foundDomain = domain;
        found = sets.value(at);
        return true;
    }

    @Override
    public long result() {
        return CachedPage.page(found);
    }

    @Override
    public int pageShift() {
        return CachedPage.shift(found);
    }

    @Override
    public int rights() {
        return CachedPage.rights(found);
    }

    @Override
    public int domain() {
        return foundDomain;
    }

    @Override
    public boolean isPassed() {
        return false;
    }

    @Override
    public boolean isNotPresent() {
        return CachedPage.isNotPresent(found);
    }

    @Override
    public void insert(int requester, int domain, long address, long result, int pageShift, int pageRights) {
        long value = CachedPage.of(result, pageShift, pageShift, pageRights, false);
        insert(domain, EffectSink.NO_PASID, address, value);
    }

    @Override
    public void insertGuest(
            int domain,
            int pasid,
            long address,
            long result,
            int pageShift,
            int pageRights,
            int guestShift,
            boolean isCombined) {
        insert(domain, pasid, address, CachedPage.of(result, pageShift, guestShift, pageRights, isCombined));
    }

    @Override
    public void insertNotPresent(int domain, int pasid, long address, boolean isCombined) {
        insert(domain, pasid, address, CachedPage.notPresent(isCombined));
    }

    @Override
    public void insertPassed(int requester, int domain, long address, int passedRights) {
        // Mode 0 needs no table, so there is nothing worth remembering.
    }

    private void insert(int domain, int pasid, long address, long value) {
        long tag = CacheTag.of(domain, pasid, 0);
        long gone = sets.insert(tag, address >>> CachedPage.FRAME_SHIFT, value);
        countersOf(tag).inserted();
        if (gone != CacheTag.UNUSED) {
            countersOf(gone).evicted(1);
        }
    }

    private CacheCounters countersOf(long tag) {
        return CacheTag.highPart(tag) == 0 ? hostCounters : guestCounters;
    }

    @Override
    public boolean ignoresGuestBit() {
        return false;
    }

    @Override
    public int invalidateDomain(int domain, long first, long last) {
        return invalidate(domain, EffectSink.NO_PASID, first, last);
    }

    @Override
    public int invalidateGuest(int domain, int pasid, long first, long last) {
        return invalidate(domain, pasid, first, last);
    }

    private int invalidate(int domain, int pasid, long first, long last) {
        int dropped = 0;
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            if (CacheTag.isOf(sets.tag(at), domain, pasid)
                    && CachedPage.overlaps(sets.key(at), sets.value(at), first, last)) {
                drop(at);
                dropped++;
            }
        }
        return dropped;
    }

    @Override
    public int invalidateCombined(int domain) {
        int dropped = 0;
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            long tag = sets.tag(at);
            if (tag != CacheTag.UNUSED && CacheTag.domain(tag) == domain && CachedPage.isCombined(sets.value(at))) {
                drop(at);
                dropped++;
            }
        }
        return dropped;
    }

    @Override
    public int invalidateDomains(IdSet domains) {
        int dropped = 0;
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            long tag = sets.tag(at);
            if (tag != CacheTag.UNUSED && domains.contains(CacheTag.domain(tag))) {
                drop(at);
                dropped++;
            }
        }
        return dropped;
    }

    @Override
    public int invalidateDevice(int requester, boolean manyPages, long address) {
        return NOT_CONCERNED;
    }

    @Override
    public int invalidateAll() {
        int dropped = 0;
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            if (sets.tag(at) != CacheTag.UNUSED) {
                drop(at);
                dropped++;
            }
        }
        return dropped;
    }

    private void drop(int at) {
        countersOf(sets.tag(at)).dropped(1);
        sets.drop(at);
    }

    @Override
    public CacheCounters hostCounters() {
        return hostCounters;
    }

    @Override
    public CacheCounters guestCounters() {
        return guestCounters;
    }

    @Override
    public void saveTo(StateSink sink) {
        sets.saveTo(sink);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        sets.restoreFrom(source);
    }
}
