package org.iorewind.model.platform.vmm.acpi;

/** What can be wrong with a firmware's IVRS. */
public enum IvrsProblem {
    /** There are fewer bytes than a header takes. */
    TOO_SHORT("It is no table: software finds no IOMMU."),
    /** The table is longer than 256 KiB, of which the rest was not read. */
    TOO_LONG("What comes later was not looked at."),
    /** The first four bytes are not "IVRS". */
    SIGNATURE("Software finds no IOMMU."),
    /** The length in the header is not the number of bytes. */
    LENGTH("Software that trusts the length reads too little or too much."),
    /** The bytes do not add up to 0. */
    CHECKSUM("Linux refuses the table: \"IVRS invalid checksum\"."),
    /** The revision is not 1 or 2. */
    REVISION("Software may refuse the table."),
    /** A block 40h in a table of revision 1. */
    MIXED_BLOCK_IN_FIXED_TABLE("Software that goes by the revision does not look for blocks 40h."),
    /** A block's type is unknown. */
    UNKNOWN_BLOCK("Software skips it, or stops there."),
    /** A block is shorter than its type needs. */
    BLOCK_TOO_SHORT("What it says cannot be relied upon."),
    /** A block goes on behind the end of the table. */
    BLOCK_BEYOND_TABLE("Linux refuses the table."),
    /** Bytes behind the last block that are no block. */
    TRAILING_BYTES("Software may take them for a block."),
    /** A device entry's type is unknown. */
    UNKNOWN_ENTRY("Software cannot tell where the next entry begins."),
    /** A device entry goes on behind the end of its block. */
    ENTRY_BEYOND_BLOCK("The entry is lost."),
    /** More problems than are worth telling. */
    MORE("Only the first 256 are told."),

    /** There is no block of a unit. */
    NO_UNIT("Software finds no IOMMU."),
    /** A unit appears twice with the same type. */
    UNIT_TWICE("The unit would be set up twice."),
    /** Blocks of one unit do not say the same. */
    UNIT_DIFFERS("What holds depends on which type software goes by."),
    /** A unit has no block of the type that software goes by. */
    UNIT_LACKS_TYPE("Software does not find this unit."),
    /** The registers are not at a multiple of 16 KiB, at 0, or where those of another unit are. */
    MMIO_BASE("Software cannot use the unit."),
    /** The feature image is not what the register reads. */
    FEATURES_DIFFER("Linux prints \"EFR mismatch\"; others refuse the unit."),
    /** There are feature images, and IVinfo says that they are not valid. */
    FEATURES_NOT_ANNOUNCED("Software must ignore the images."),
    /** An ACPI device in another block than 40h. */
    ACPI_DEVICE_NOT_ALLOWED("Software may stop there."),
    /** A range has no end. */
    RANGE_OPEN("Software may take it for nothing or for all that follows."),
    /** A range has an end only. */
    RANGE_NOT_BEGUN("The entry means nothing."),
    /** A range's end lies before its start. */
    RANGE_REVERSED("The range is empty."),
    /** A DeviceID is behind two units. */
    DEVICES_OVERLAP("The last one, or the first one, gets the device."),
    /** A device is behind no unit. */
    DEVICE_NOT_COVERED("Software leaves the device untranslated, or blocks it."),
    /** No unit names an IOAPIC. */
    NO_IOAPIC("Linux refuses to remap interrupts."),
    /** No IOAPIC's interrupts come from the southbridge, 00:14.0. */
    NO_SOUTHBRIDGE_IOAPIC("Linux refuses to remap interrupts."),

    /** A block for memory describes no bytes. */
    MEMORY_EMPTY("Often a last address was meant where a length belongs."),
    /** Memory does not begin and end at a page. */
    MEMORY_MISALIGNED("Software maps more than is said, or refuses."),
    /** Memory goes beyond the physical address space of 52 bits. */
    MEMORY_BEYOND_ADDRESSES("Often a last address was added where a length belongs."),
    /** The last device of a range lies before the first. */
    MEMORY_RANGE_REVERSED("No device has it."),
    /** Memory is neither to be mapped nor an exclusion range. */
    MEMORY_WITHOUT_PURPOSE("Software ignores it."),
    /** Memory is for a device that is behind no unit. */
    MEMORY_DEVICE_NOT_COVERED("Software cannot map it."),
    /** The same memory is described for the same device in two ways. */
    MEMORY_CONFLICT("What holds depends on software.");

    private final String consequence;

    IvrsProblem(String consequence) {
        this.consequence = consequence;
    }

    /** What software makes of it. */
    public String consequence() {
        return consequence;
    }
}
