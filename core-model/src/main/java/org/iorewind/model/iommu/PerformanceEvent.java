package org.iorewind.model.iommu;

/** What a performance counter can count (reference 1.12). */
public enum PerformanceEvent {
    /** A memory request passed untranslated. */
    PASSED_UNTRANSLATED(0x01),
    /** A pre-translated memory request passed. */
    PASSED_PRETRANSLATED(0x02),
    /** A memory request passed by the exclusion range. */
    PASSED_EXCLUDED(0x03),
    /** A memory request was aborted. */
    TARGET_ABORT(0x04),
    /** A memory request was translated. */
    TRANSLATED(0x05),
    /** The TLB had the translation. */
    TLB_HIT(0x06),
    /** The tables were walked. */
    TLB_MISS(0x07),
    /** A walk began below its root, by a cached directory entry. */
    DIRECTORY_HIT(0x08),
    /** A walk found no cached directory entry. */
    DIRECTORY_MISS(0x09),
    /** The device table cache had the entry for a memory request. */
    DEVICE_ENTRY_HIT(0x0A),
    /** The device table entry for a memory request was read. */
    DEVICE_ENTRY_MISS(0x0B),
    /** An entry of any page table was read. */
    TABLE_READ(0x0C),
    /** An entry of a host table was read. */
    HOST_TABLE_READ(0x0D),
    /** An entry of a guest table was read. */
    GUEST_TABLE_READ(0x0E),
    /** The device table cache had the entry for an interrupt. */
    INTERRUPT_DEVICE_ENTRY_HIT(0x0F),
    /** The device table entry for an interrupt was read. */
    INTERRUPT_DEVICE_ENTRY_MISS(0x10),
    /** A command was taken from the ring. */
    COMMAND(0x11),
    /** An invalidation command was taken from the ring. */
    INVALIDATION(0x12),
    /** A TLB entry was dropped. */
    TLB_ENTRY_INVALIDATED(0x13),
    /** A processor accessed the register 1FF8h. */
    IGNORED_ACCESS(0x14),
    /** An interrupt was remapped by a 128-bit entry with GuestMode=0. */
    HOST_INTERRUPT(0x15),
    /** An interrupt was posted to a guest. */
    GUEST_INTERRUPT(0x16),
    /** An SMI arrived. */
    SMI(0x17),
    /** An SMI was blocked. */
    SMI_BLOCKED(0x18);

    private final int code;

    PerformanceEvent(int code) {
        this.code = code;
    }

    /** CSOURCE of a counter that counts this. */
    public int code() {
        return code;
    }
}
