package org.iorewind.analyze.protocol;

import org.jspecify.annotations.Nullable;

/** A page of memory that holds a table. */
final class TablePage {
    /** What kind of table. */
    enum Kind {
        /** Host page table. */
        HOST,
        /** Guest page table. */
        GUEST,
        /** GCR3 table: guest page tables by PASID. */
        GCR3
    }

    private final long address;
    private final Kind kind;
    private final int level;
    private final @Nullable AddressSpace space;
    private final @Nullable Gcr3Tree tree;
    private final long first;
    private boolean isLinked = true;

    private TablePage(
            long address, Kind kind, int level, @Nullable AddressSpace space, @Nullable Gcr3Tree tree, long first) {
        this.address = address;
        this.kind = kind;
        this.level = level;
        this.space = space;
        this.tree = tree;
        this.first = first;
    }

    /**
     * A page table.
     *
     * @param address system physical
     * @param level 1 is the last
     * @param first address that it translates
     */
    static TablePage of(AddressSpace space, long address, int level, long first) {
        return new TablePage(address, space.isGuests() ? Kind.GUEST : Kind.HOST, level, space, null, first);
    }

    /** A GCR3 table; {@code first} is a PASID. */
    static TablePage of(Gcr3Tree tree, long address, int level, long first) {
        return new TablePage(address, Kind.GCR3, level, null, tree, first);
    }

    long address() {
        return address;
    }

    Kind kind() {
        return kind;
    }

    int level() {
        return level;
    }

    /** First address that it translates; first PASID of a GCR3 table. */
    long first() {
        return first;
    }

    /** Tree of a page table. */
    AddressSpace space() {
        AddressSpace its = space;
        if (its == null) {
            throw new IllegalStateException("a GCR3 table belongs to no address space");
        }
        return its;
    }

    /** Tree of a GCR3 table. */
    Gcr3Tree tree() {
        Gcr3Tree its = tree;
        if (its == null) {
            throw new IllegalStateException("a page table belongs to no GCR3 tree");
        }
        return its;
    }

    boolean isOf(AddressSpace other) {
        return space == other;
    }

    /** Whether some device's tree, in use, leads to it. */
    boolean isReachable() {
        return isLinked && (space != null ? space.isLive() : tree().isLive());
    }

    boolean isLinked() {
        return isLinked;
    }

    void unlink() {
        isLinked = false;
    }
}
