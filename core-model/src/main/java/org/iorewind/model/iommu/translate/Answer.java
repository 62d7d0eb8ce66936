package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.TranslationDecision;

/** What became of a request; reused for every request. Not thread-safe. */
public final class Answer {
    /** Shown as the domain when no device table entry was consulted. */
    public static final int NO_DOMAIN = -1;

    private int domain = NO_DOMAIN;
    private boolean isEntryKnown;
    private boolean isGuest;
    private boolean isHit;
    private long result;
    private int pageShift;
    private int rights;
    private String reason = "";

    /** An answer to nothing. */
    Answer() {}

    /** Starts over with a request that nothing is known of. */
    void begin(boolean namesGuest) {
        domain = NO_DOMAIN;
        isEntryKnown = false;
        isGuest = namesGuest;
        isHit = false;
        refuse(TranslationDecision.ABORTED, "");
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
        reason = why;
        return decision;
    }

    /** The request ends here. */
    TranslationDecision refuse(TranslationDecision decision, String why) {
        return grant(decision, 0, 0, 0, why);
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

    /** The decision in a short sentence. */
    public String reason() {
        return reason;
    }
}
