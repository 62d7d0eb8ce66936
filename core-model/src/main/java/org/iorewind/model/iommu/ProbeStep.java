package org.iorewind.model.iommu;

/**
 * One table entry that a {@link Probe} read.
 *
 * @param level of the table that holds the entry, 1 to 6
 * @param entryAddress system physical address of the entry
 * @param entry the entry
 * @param meaning one line for people
 */
public record ProbeStep(int level, long entryAddress, long entry, String meaning) {}
