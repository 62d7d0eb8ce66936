package org.iorewind.model.iommu.translate;

/** A walk through host page tables, from the root in the device table entry to a page. Stateless. */
public interface HostWalk {
    /** How a walk ends. */
    enum Outcome {
        /** With a page. */
        PAGE,
        /** With a fault; the state holds the cause. */
        FAULT,
        /** A table entry could not be read; the state holds the place. */
        MEMORY_FAILURE
    }

    /** Walks; the device table entry has a Mode of 1 to 6. */
    Outcome walk(WalkState state);
}
