package org.iorewind.model.iommu.translate;

import static org.iorewind.model.iommu.log.EventDescriptor.FLAG_PE;
import static org.iorewind.model.iommu.log.EventDescriptor.FLAG_PR;
import static org.iorewind.model.iommu.log.EventDescriptor.FLAG_RZ;

import org.iorewind.model.iommu.TranslationDecision;

/** Why a memory request is refused, and which bits the event shows (reference 4.4). */
public enum FaultCause {
    /** DeviceID beyond the table. */
    DEVICE_ID_OUT_OF_RANGE(
            TranslationDecision.DEVICE_OUT_OF_TABLE, 0, "the device table is too short for this DeviceID"),
    /** Reserved bits of the device table entry. */
    RESERVED_IN_DEVICE_ENTRY(
            TranslationDecision.BAD_DEVICE_ENTRY, FLAG_RZ, "the device table entry has reserved bits set"),
    /** GLX or GuestPagingMode beyond what exists, with GV=1; reported with RZ=0 (MC-40). */
    RESERVED_GUEST_ENCODING(
            TranslationDecision.BAD_DEVICE_ENTRY, 0, "GLX or GuestPagingMode of the device table entry is reserved"),
    /**
     * Mode 0 while SNP is enabled, which an option says since no register of the IOMMU does (MC-210), or a host root where
     * HATS=3 (MC-211); both with V=1 and TV=1, reported with RZ=0.
     */
    RESERVED_HOST_ENCODING(
            TranslationDecision.BAD_DEVICE_ENTRY, 0, "Mode 0 under SNP, or a host root without host translation"),
    /** IoCtl=11b; reported with RZ=0 (MC-24). */
    ENCODING_IN_DEVICE_ENTRY(TranslationDecision.BAD_DEVICE_ENTRY, 0, "IoCtl of the device table entry is reserved"),
    /** TV=0. */
    TRANSLATION_OFF(TranslationDecision.TRANSLATION_OFF, 0, "the device table entry has V=1 but TV=0"),
    /** A request with a PASID whose device table entry has no guest translation (MC-27). */
    NO_GUEST_TRANSLATION(TranslationDecision.ABORTED, 0, "the request has a PASID but guest translation is off"),
    /** A PASID above PASmax or what the levels of the GCR3 table cover (MC-42). */
    PASID_OUT_OF_RANGE(TranslationDecision.ABORTED, 0, "the PASID is out of range"),
    /** An address that guest tables do not cover (MC-44). */
    NOT_CANONICAL(TranslationDecision.ADDRESS_TOO_WIDE, 0, "the address is wider than the guest tables allow"),
    /** V=0 in a GCR3 table (MC-42). */
    NO_GUEST_ROOT(TranslationDecision.PAGE_NOT_PRESENT, 0, "the PASID has no valid GCR3 entry"),
    /** R/W, U/S or NX of guest table entries. */
    NO_GUEST_RIGHT(TranslationDecision.NO_PERMISSION, FLAG_PR | FLAG_PE, "a guest table entry forbids the access"),
    /** IR or IW of the device table entry. */
    NO_RIGHT_IN_DEVICE_ENTRY(
            TranslationDecision.NO_PERMISSION, FLAG_PR | FLAG_PE, "IR/IW of the device table entry forbid the access"),
    /** Mode 7, or a Mode beyond HATS; reported as an illegal device table entry (MC-8). */
    RESERVED_MODE(TranslationDecision.BAD_DEVICE_ENTRY, 0, "Mode of the device table entry is reserved"),
    /** The address has bits above what Mode covers; reported as not present (MC-21). */
    ADDRESS_TOO_WIDE(TranslationDecision.ADDRESS_TOO_WIDE, 0, "the address is wider than Mode allows"),
    /** PR=0. */
    NOT_PRESENT(TranslationDecision.PAGE_NOT_PRESENT, 0, "a table entry is not present"),
    /** Reserved bits of a PTE or PDE. */
    RESERVED_BITS(TranslationDecision.BAD_TABLE_ENTRY, FLAG_PR | FLAG_RZ, "a table entry has reserved bits set"),
    /** IR or IW of a table entry. */
    NO_RIGHT(TranslationDecision.NO_PERMISSION, FLAG_PR | FLAG_PE, "IR/IW of a table entry forbid the access"),
    /** ReadOnly of a MARC aperture; reported like a page that forbids writing (MC-104). */
    NO_RIGHT_IN_APERTURE(
            TranslationDecision.NO_PERMISSION,
            FLAG_PR | FLAG_PE,
            "the aperture that relocates the address is read-only"),
    /** The cached rights do not suffice (MC-9). */
    NO_RIGHT_IN_CACHE(TranslationDecision.NO_PERMISSION, FLAG_PR | FLAG_PE, "the cached rights forbid the access"),
    /** A page of illegal size, or at level 6. */
    PAGE_SIZE(TranslationDecision.BAD_TABLE_ENTRY, FLAG_PR, "the page size encoding is not allowed at this level"),
    /** NextLevel does not fall. */
    NEXT_LEVEL(TranslationDecision.BAD_TABLE_ENTRY, FLAG_PR, "NextLevel is not lower than the level of its table"),
    /** Address bits of a skipped level. */
    SKIPPED_BITS(TranslationDecision.BAD_TABLE_ENTRY, FLAG_PR, "address bits of a skipped level are not zero");

    private final TranslationDecision decision;
    private final int flags;
    private final String text;

    FaultCause(TranslationDecision decision, int flags, String text) {
        this.decision = decision;
        this.flags = flags;
        this.text = text;
    }

    /** What becomes of the request. */
    public TranslationDecision decision() {
        return decision;
    }

    /** PR, PE and RZ of the event. */
    public int flags() {
        return flags;
    }

    /** A short sentence for people. */
    public String text() {
        return text;
    }
}
