package org.iorewind.model.iommu.cache;

import java.util.Arrays;
import org.iorewind.model.StateHasher;

/**
 * The host leaf TLB (reference 9.1): tagged by DomainID and page, set-associative, least recently used out.
 *
 * <p>An entry serves one 4 KiB frame; a large page takes an entry for each frame that is used (MC-6). The rights are those
 * of the tables; the device table entry's are added by the user, since devices share a domain. Within a set the entries
 * stand in the order of their last use, which is part of the state. Not thread-safe; allocates nothing after construction.
 */
public final class SetAssociativeTlb implements TranslationCache {
    private static final int FRAME_SHIFT = 12;
    private static final int UNUSED = -1;
    private static final int SPREAD = 0x9E3779B1;

    private final int setMask;
    private final int ways;
    private final int[] domains;
    private final long[] frames;
    private final long[] results;
    private final byte[] shifts;
    private final byte[] rights;
    private int found;

    /**
     * An empty cache.
     *
     * @param sets a power of two
     * @param ways at least 1
     */
    public SetAssociativeTlb(int sets, int ways) {
        int size = sets * ways;
        this.setMask = sets - 1;
        this.ways = ways;
        this.domains = new int[size];
        this.frames = new long[size];
        this.results = new long[size];
        this.shifts = new byte[size];
        this.rights = new byte[size];
        Arrays.fill(domains, UNUSED);
    }

    @Override
    public boolean findForDevice(int requester, long address) {
        return false;
    }

    @Override
    public boolean findForDomain(int domain, long address) {
        long frame = address >>> FRAME_SHIFT;
        int first = firstOfSet(domain, frame);
        for (int i = first; i < first + ways; i++) {
            if (domains[i] == domain && frames[i] == frame) {
                moveToFront(first, i);
                found = first;
                return true;
            }
        }
        return false;
    }

    @Override
    public long result() {
        return results[found];
    }

    @Override
    public int pageShift() {
        return shifts[found];
    }

    @Override
    public int rights() {
        return rights[found];
    }

    @Override
    public int domain() {
        return domains[found];
    }

    @Override
    public boolean isPassed() {
        return false;
    }

    @Override
    public void insert(int requester, int domain, long address, long result, int pageShift, int pageRights) {
        long frame = address >>> FRAME_SHIFT;
        int first = firstOfSet(domain, frame);
        moveToFront(first, first + ways - 1);
        domains[first] = domain;
        frames[first] = frame;
        results[first] = result;
        shifts[first] = (byte) pageShift;
        rights[first] = (byte) pageRights;
    }

    @Override
    public void insertPassed(int requester, int domain, long address, int passedRights) {
        // Mode 0 needs no table, so there is nothing worth remembering.
    }

    @Override
    public boolean ignoresGuestBit() {
        return false;
    }

    @Override
    public int invalidateDomain(int domain, long first, long last) {
        int dropped = 0;
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] == domain && overlaps(i, first, last)) {
                clear(i);
                dropped++;
            }
        }
        return dropped;
    }

    private boolean overlaps(int i, long first, long last) {
        long size = 1L << shifts[i];
        long pageFirst = frames[i] << FRAME_SHIFT & -size;
        return Long.compareUnsigned(pageFirst, last) <= 0 && Long.compareUnsigned(first, pageFirst + size - 1) <= 0;
    }

    @Override
    public int invalidateDevice(int requester, boolean manyPages, long address) {
        return NOT_CONCERNED;
    }

    @Override
    public int invalidateAll() {
        int dropped = 0;
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] != UNUSED) {
                clear(i);
                dropped++;
            }
        }
        return dropped;
    }

    @Override
    public void hashInto(StateHasher hasher) {
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] != UNUSED) {
                hasher.addLong((long) i << 32 | domains[i]);
                hasher.addLong(frames[i]);
                hasher.addLong(results[i]);
                hasher.addLong(shifts[i] << 8 | rights[i]);
            }
        }
    }

    private int firstOfSet(int domain, long frame) {
        return ((int) (frame ^ frame >>> 9) + domain * SPREAD & setMask) * ways;
    }

    private void clear(int i) {
        domains[i] = UNUSED;
        frames[i] = 0;
        results[i] = 0;
        shifts[i] = 0;
        rights[i] = 0;
    }

    private void moveToFront(int first, int from) {
        int domain = domains[from];
        long frame = frames[from];
        long result = results[from];
        byte shift = shifts[from];
        byte right = rights[from];
        int moved = from - first;
        System.arraycopy(domains, first, domains, first + 1, moved);
        System.arraycopy(frames, first, frames, first + 1, moved);
        System.arraycopy(results, first, results, first + 1, moved);
        System.arraycopy(shifts, first, shifts, first + 1, moved);
        System.arraycopy(rights, first, rights, first + 1, moved);
        domains[first] = domain;
        frames[first] = frame;
        results[first] = result;
        shifts[first] = shift;
        rights[first] = right;
    }
}
