package org.iorewind.model.iommu;

import org.jspecify.annotations.Nullable;

/**
 * One table entry that a {@link Probe} read.
 *
 * @param guestTable which of a guest's tables holds the entry, or null for a host table
 * @param level of the table that holds the entry, 1 to 6
 * @param entryAddress system physical address of the entry
 * @param entry the entry
 * @param meaning one line for people
 */
public record ProbeStep(@Nullable GuestTable guestTable, int level, long entryAddress, long entry, String meaning) {}
