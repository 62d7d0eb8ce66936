package org.iorewind.analyze.performance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.replay.travel.LookUps;

/**
 * Caches, walks and page sizes of a whole recording: sums of what each event did, which predicates know by the same counts. Not
 * thread-safe.
 */
final class CacheTraffic {
    private final LookUps now = new LookUps();
    private final long[] sums = new long[LookUps.KINDS];
    private final long[] events = new long[LookUps.KINDS];

    /** Counts the look-ups of the event that is handled. */
    LookUps now() {
        return now;
    }

    void eventBegins() {
        now.clear();
    }

    void eventEnds() {
        for (int i = 0; i < now.seen(); i++) {
            int kind = now.seen(i);
            sums[kind] += now.count(kind);
            events[kind]++;
        }
    }

    List<Performance.Cache> caches() {
        List<Performance.Cache> all = new ArrayList<>();
        all.add(cache("translations (IOTLB)", LookUps.IOTLB_HIT, "iotlbHits", LookUps.IOTLB_MISS, "iotlbMisses"));
        all.add(cache("device table entries", LookUps.ENTRY_HIT, "entryHits", LookUps.ENTRY_READ, "entryReads"));
        for (WalkCache cache : WalkCache.values()) {
            int hit = LookUps.walkHit(cache);
            int miss = LookUps.walkMiss(cache);
            if (sums[hit] + sums[miss] > 0) {
                String words = cache.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                String field = field(cache);
                all.add(cache("walks: " + words, hit, field + "Hits", miss, field + "Misses"));
            }
        }
        return all;
    }

    private static String field(WalkCache cache) {
        return switch (cache) {
            case HOST_DIRECTORY -> "hostDirectory";
            case GUEST_DIRECTORY -> "guestDirectory";
            case GUEST_PHYSICAL -> "guestPhysical";
        };
    }

    private Performance.Cache cache(String name, int hit, String hitField, int miss, String missField) {
        return new Performance.Cache(
                name, sums[hit], sums[miss], events[hit], events[miss], filter(hitField), filter(missField));
    }

    /**
     * Reads by table and level.
     *
     * @param requests of devices in all
     */
    List<Performance.WalkReads> walkReads(long requests) {
        List<Performance.WalkReads> all = new ArrayList<>();
        int entry = LookUps.ENTRY_READ;
        all.add(new Performance.WalkReads(
                "device table", 1, sums[entry], requests, events[entry], filter("entryReads")));
        for (int level = LookUps.LEVELS - 1; level > 0; level--) {
            add(all, "GCR3 table", "gcr3Reads", level, LookUps.guestRead(GuestTable.GCR3, level), requests);
        }
        for (int level = LookUps.LEVELS - 1; level > 0; level--) {
            add(all, "guest table", "guestReads", level, LookUps.guestRead(GuestTable.PAGE, level), requests);
        }
        for (int level = LookUps.LEVELS - 1; level > 0; level--) {
            add(all, "host table", "hostReads", level, LookUps.hostRead(level), requests);
        }
        return all;
    }

    private void add(List<Performance.WalkReads> all, String table, String field, int level, int kind, long requests) {
        if (sums[kind] > 0) {
            String filter = filter(field + "[" + level + "]");
            all.add(new Performance.WalkReads(table, level, sums[kind], requests, events[kind], filter));
        }
    }

    List<Performance.PageSize> pageSizes() {
        List<Performance.PageSize> all = new ArrayList<>();
        for (int shift = 0; shift < LookUps.SHIFTS; shift++) {
            int kind = LookUps.page(shift);
            if (sums[kind] > 0) {
                String filter = filter("pageSizes[" + shift + "]");
                all.add(new Performance.PageSize(shift, sums[kind], events[kind], filter));
            }
        }
        return all;
    }

    private static String filter(String field) {
        return "effects." + field + " > 0";
    }
}
