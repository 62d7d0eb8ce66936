package org.iorewind.analyze.protocol;

import java.util.Arrays;
import org.agrona.collections.Int2IntCounterMap;
import org.agrona.collections.Long2LongHashMap;

/** One tree of page tables, and the DomainIDs under which an IOMMU uses it. Not thread-safe. */
final class AddressSpace {
    /** In place of a PASID: host tables. */
    static final int HOST_TABLES = -1;

    /** In place of a time or a sequence number. */
    static final long NEVER = Long.MIN_VALUE;

    private final int iommu;
    private final long root;
    private final int levels;
    private final int pasid;
    private final Translator translator;
    private final Int2IntCounterMap domains;
    private final PendingChanges pending = new PendingChanges();
    private final Long2LongHashMap waitedAt = new Long2LongHashMap(NEVER);
    private long youngestTold = NEVER;
    /** The DomainIDs in use as of the last question; trees change far more often than their users. */
    private int[] knownDomains = {};

    private int lastDomain;
    private int lastDevice = -1;

    /** Where the IOMMU's addresses of tables lie in system memory. */
    @FunctionalInterface
    interface Translator {
        /** System physical address, -1 if there is none that is known. */
        long system(long address);
    }

    /**
     * A tree.
     *
     * @param pasid of guest tables, {@link #HOST_TABLES} for host tables
     * @param domains DomainIDs with the number of devices that use them; shared among the trees of one GCR3 table
     */
    AddressSpace(int iommu, long root, int levels, int pasid, Translator translator, Int2IntCounterMap domains) {
        this.iommu = iommu;
        this.root = root;
        this.levels = levels;
        this.pasid = pasid;
        this.translator = translator;
        this.domains = domains;
    }

    int iommu() {
        return iommu;
    }

    /** As the IOMMU has it. */
    long root() {
        return root;
    }

    int levels() {
        return levels;
    }

    int pasid() {
        return pasid;
    }

    boolean isGuests() {
        return pasid != HOST_TABLES;
    }

    /** System physical address of a table or page that an entry of this tree names, -1 if not known. */
    long system(long address) {
        return translator.system(address);
    }

    /** Whether a device uses it. */
    boolean isLive() {
        return !domains.isEmpty();
    }

    boolean hasDomain(int domain) {
        return domains.get(domain) > 0;
    }

    /** The DomainIDs in use, not to be changed. */
    int[] domains() {
        int[] known = knownDomains;
        boolean isSame = known.length == domains.size();
        for (int i = 0; isSame && i < known.length; i++) {
            isSame = domains.containsKey(known[i]);
        }
        if (!isSame) {
            knownDomains = sortedDomains();
        }
        return knownDomains;
    }

    private int[] sortedDomains() {
        int[] ids = new int[domains.size()];
        int[] at = {0};
        domains.forEach((id, count) -> ids[at[0]++] = id);
        Arrays.sort(ids);
        return ids;
    }

    /** A DomainID to name the tree by: one in use, or the last that was. */
    int domain() {
        return lastDomain;
    }

    /** A device that uses it or used it last, -1 if none did. */
    int device() {
        return lastDevice;
    }

    void attached(int domain, int device) {
        domains.getAndIncrement(domain);
        noteUser(domain, device);
    }

    /** Names it, where the DomainIDs are counted elsewhere. */
    void noteUser(int domain, int device) {
        lastDomain = domain;
        lastDevice = device;
    }

    void detached(int domain) {
        domains.getAndDecrement(domain);
    }

    /** Changes that the IOMMU has not been told of. */
    PendingChanges pending() {
        return pending;
    }

    /** When the wait for the flush of an address was over, until the address is mapped again. */
    Long2LongHashMap waitedAt() {
        return waitedAt;
    }

    void toldUpTo(long sequence) {
        youngestTold = Math.max(youngestTold, sequence);
    }

    /** Sequence number of the youngest change that was flushed, {@link #NEVER} if none was. */
    long youngestTold() {
        return youngestTold;
    }
}
