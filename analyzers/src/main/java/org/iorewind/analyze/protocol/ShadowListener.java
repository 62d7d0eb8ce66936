package org.iorewind.analyze.protocol;

/** Hears how tables change. {@code isCertain} tells a store in order from content that was found some time after it changed. */
interface ShadowListener {
    /**
     * An entry that maps a page began, ceased, or changed.
     *
     * @param address first that it translates
     * @param shift log2 of the bytes that this entry translates
     * @param before the entry, 0 if not known
     * @param after the entry
     */
    default void pageChanged(
            AddressSpace space, long address, int level, int shift, long before, long after, boolean isCertain) {}

    /** A table became part of a tree. */
    default void tableLinked(AddressSpace space, TablePage table) {}

    /** A tree leads to a table no more. */
    default void tableUnlinked(AddressSpace space, TablePage table, boolean isCertain) {}

    /** A table that no tree leads to any more was stored to. */
    default void unlinkedStored(TablePage table, long entryAddress, long entry) {}

    /** An entry in a table that a tree in use leads to was stored, whatever it is now. */
    default void entryStored(TablePage table, long entryAddress, long entry) {}

    /** A device table entry changed. */
    default void deviceEntryChanged(int iommu, int device, long[] before, long[] after, boolean isCertain) {}

    /** A device got an address space, or lost it. */
    default void attachmentChanged(int iommu, int device) {}
}
