package org.iorewind.model.platform.driver;

/** What an unmap does with a table that has no entry left. */
public enum EmptyTables {
    /** It is unlinked if the unmapped range covers all that the table could map, as Linux does: no search, no churn. */
    UNLINKED_IF_COVERED,
    /** It is unlinked at once. */
    UNLINKED,
    /** It stays for the next map. */
    KEPT
}
