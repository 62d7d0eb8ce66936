package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.command.CommandDescriptor;

/**
 * Addresses from {@code first} to {@code last}, both included.
 *
 * @param first address of the first byte
 * @param last address of the last one, not below it (unsigned)
 */
public record AddressSpan(long first, long last) {
    /** The whole address space. */
    public static final AddressSpan EVERYTHING = new AddressSpan(0, -1);

    /** The addresses of {@code bytes} bytes, at least one. */
    public static AddressSpan of(long first, long bytes) {
        return new AddressSpan(first, first + bytes - 1);
    }

    /** The smallest span that holds both. */
    public AddressSpan and(AddressSpan other) {
        return new AddressSpan(
                Long.compareUnsigned(first, other.first) <= 0 ? first : other.first,
                Long.compareUnsigned(last, other.last) >= 0 ? last : other.last);
    }

    /** As commands say it: the smallest aligned power of two around it. */
    public long encoded() {
        return CommandDescriptor.range(first, last);
    }
}
