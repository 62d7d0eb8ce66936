package org.iorewind.model.iommu.cache;

/** Which DomainIDs or DeviceIDs are meant, where entries of several of them go at once. */
public interface IdSet {
    /** Whether an ID of 16 bits is meant. */
    boolean contains(int id);
}
