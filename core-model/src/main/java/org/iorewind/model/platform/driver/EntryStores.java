package org.iorewind.model.platform.driver;

/** By how many stores a driver writes a device table entry. */
public enum EntryStores {
    /** One of 32 bytes. */
    WHOLE,
    /** Two of 16 bytes, as Linux does since 6.13: V and GV come last and go first (reference 2.6). */
    HALVES,
    /** Four of 8 bytes, lowest address first, as older drivers do. */
    QUADWORDS
}
