package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.TranslationDecision;

/** What became of a request; reused for every request. Not thread-safe. */
public final class Answer {
    /** Shown as the domain when no device table entry was consulted. */
    public static final int NO_DOMAIN = -1;

    private static final int SMALLEST_PAGE_SHIFT = 12;
    private static final long SMALLEST_PAGE_MASK = -1L << SMALLEST_PAGE_SHIFT;

    private int domain = NO_DOMAIN;
    private boolean isEntryKnown;
    private boolean isGuest;
    private boolean isHit;
    private boolean isRelocated;
    private long result;
    private int pageShift;
    private int rights;
    private int tableRights;
    private AtsStatus status = AtsStatus.UNDECIDED;
    private String reason = "";

    /** An answer to nothing. */
    Answer() {}

    /**
     * Starts over with a request that nothing is known of. What became of the last one stands until {@link #grant} or
     * {@link #refuse}, one of which every request meets.
     */
    void begin(boolean namesGuest) {
        domain = NO_DOMAIN;
        isEntryKnown = false;
        isGuest = namesGuest;
        isHit = false;
        isRelocated = false;
        tableRights = 0;
    }

    /** The device table entry was read. */
    void entryKnown(int entryDomain) {
        domain = entryDomain;
        isEntryKnown = true;
    }

    /** The answer comes from a cache, under this domain. */
    void hit(int cachedDomain) {
        domain = cachedDomain;
        isHit = true;
    }

    /** What the tables say of the page beyond the rights granted, as caches keep it. */
    void tables(int cachedRights) {
        tableRights = cachedRights;
    }

    /** The request is one of a guest address space, or not. */
    void guest(boolean usesGuestTables) {
        isGuest = usesGuestTables;
    }

    /**
     * The request may go on, to this page.
     *
     * @param decision translated or passed
     * @param page start of the page
     * @param shift log2 of its size, 0 when passed
     * @param granted rights
     * @param why in a short sentence
     */
    TranslationDecision grant(TranslationDecision decision, long page, int shift, int granted, String why) {
        result = page;
        pageShift = shift;
        rights = granted;
        end(AtsStatus.SUCCESS, why);
        return decision;
    }

    /** Requests mostly end alike, and storing a reference costs the collector's barrier, even of the same one. */
    private void end(AtsStatus atsStatus, String why) {
        if (status != atsStatus) {
            status = atsStatus;
        }
        if (!reason.equals(why)) {
            reason = why;
        }
    }

    /** The request is forwarded as it is. */
    TranslationDecision pass(long address, int granted) {
        long page = address & SMALLEST_PAGE_MASK;
        return grant(TranslationDecision.PASSED, page, 0, granted, "the request is forwarded untranslated");
    }

    /** The request is forwarded to another address, without tables. */
    TranslationDecision relocate(long address, int granted) {
        isRelocated = true;
        long page = address & SMALLEST_PAGE_MASK;
        return grant(
                TranslationDecision.TRANSLATED,
                page,
                SMALLEST_PAGE_SHIFT,
                granted,
                "an aperture relocates the address");
    }

    /**
     * The request ends here.
     *
     * @param decision why
     * @param atsStatus how a translation request is completed
     * @param why in a short sentence
     */
    TranslationDecision refuse(TranslationDecision decision, AtsStatus atsStatus, String why) {
        result = 0;
        pageShift = 0;
        rights = 0;
        end(atsStatus, why);
        return decision;
    }

    /** DomainID, or {@link #NO_DOMAIN}. */
    public int domain() {
        return domain;
    }

    /** Whether the request got as far as its device table entry. */
    public boolean isEntryKnown() {
        return isEntryKnown;
    }

    /** Whether the request's address is one of a guest address space. */
    public boolean isGuest() {
        return isGuest;
    }

    /** Whether a cache of translations answered. */
    public boolean isHit() {
        return isHit;
    }

    /** Whether an aperture took the place of the tables. */
    boolean isRelocated() {
        return isRelocated;
    }

    /** Start of the page; 0 when refused. */
    public long result() {
        return result;
    }

    /** log2 of the page size; 0 unless translated. */
    public int pageShift() {
        return pageShift;
    }

    /** Rights granted; 0 when refused. */
    public int rights() {
        return rights;
    }

    /** Rights and attributes of the page, as caches keep them; 0 unless tables were consulted. */
    public int tableRights() {
        return tableRights;
    }

    /** How a translation request is completed. */
    public AtsStatus status() {
        return status;
    }

    /** The decision in a short sentence. */
    public String reason() {
        return reason;
    }
}
