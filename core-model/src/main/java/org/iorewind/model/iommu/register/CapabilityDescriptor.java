package org.iorewind.model.iommu.register;

/**
 * Configuration space of the IOMMU's PCI function (reference 1.1, 1.2). Where the three capabilities lie, and in which
 * order they are chained, is this model's choice (MC-80).
 *
 * <pre>
 *         31                            16 15                             0
 *        ┌────────────────────────────────┬────────────────────────────────┐
 *    00h │ device id                      │ vendor id                      │
 *    04h │ status: 27 target abort*, 20   │ command: 10, 8, 2, 1 storage   │  *  cleared by writing 1
 *    08h │ class code 080600h                            │ 7:0 revision     │
 *    34h │ reserved                                      │ 7:0 first pointer│
 *        ├── the IOMMU's own capability ───────────────────────────────────┤
 *    40h │ 28 CapExt 27 EFRSup 26 NpCache 25 HtTunnel 24 IotlbSup 23:19 CapRev 18:16 type 15:8 next 7:0 id 0Fh
 *    44h │ base 31:14                                            │ 0 Enable │  writable while Enable=0
 *    48h │ base 63:32                                                       │  writable while Enable=0
 *    4Ch │ range                                                            │
 *    50h │ 31:27 MsiNumPPR │ 22 HtAtsResv │ 21:15 VAsize │ 14:8 PAsize │ 7:5 GVAsize │ 4:0 MsiNum
 *    54h │ reserved                                              │ MsiNumGA │
 *        ├── MSI ──────────────────────────────────────────────────────────┤
 *    64h │ 23 64-bit, 22:20 MME, 19:17 capable, 16 enable │ next │ id 05h   │
 *    68h │ message address 31:2                                             │
 *    6Ch │ message address 63:32                                            │
 *    70h │ reserved                       │ message data                    │
 *        ├── MSI mapping ──────────────────────────────────────────────────┤
 *    74h │ 31:27 10101b, 17 fixed, 16 enable              │ next │ id 08h   │
 *        ├── vendor-specific, with vIommuSup (MC-V21) ─────────────────────┤
 *    78h │ 31:24 type             │ 23:16 length           │ next │ id 09h   │
 *    7Ch │ reserved               │ 23:16 VSC_Rev          │ 15:0 VSC_ID     │
 *    80h │ 31:28 base of the VF BAR                              │ 0 Enable │
 *    84h │ base 63:32                                                       │
 *    88h │ 31:22 base of the VF-control BAR                      │ 0 Enable │
 *    8Ch │ base 63:32                                                       │
 *        └─────────────────────────────────────────────────────────────────┘
 * </pre>
 */
public final class CapabilityDescriptor {
    /** Bytes of configuration space. */
    public static final int SPACE_BYTES = 0x100;
    /** Vendor and device id. */
    public static final int IDS = 0x00;
    /** Command and status. */
    public static final int COMMAND = 0x04;
    /** Class code and revision. */
    public static final int CLASS = 0x08;
    /** Pointer to the first capability. */
    public static final int POINTER = 0x34;
    /** Header of the IOMMU's capability. */
    public static final int HEADER = 0x40;
    /** Base of the MMIO window, low half, with Enable. */
    public static final int BASE_LOW = HEADER + 0x04;
    /** Base of the MMIO window, high half. */
    public static final int BASE_HIGH = HEADER + 0x08;
    /** Range. */
    public static final int RANGE = HEADER + 0x0C;
    /** Miscellaneous information 0. */
    public static final int MISC_0 = HEADER + 0x10;
    /** Miscellaneous information 1. */
    public static final int MISC_1 = HEADER + 0x14;
    /** Header of the MSI capability. */
    public static final int MSI_HEADER = 0x64;
    /** Message address, low half. */
    public static final int MSI_ADDRESS_LOW = MSI_HEADER + 0x04;
    /** Message address, high half. */
    public static final int MSI_ADDRESS_HIGH = MSI_HEADER + 0x08;
    /** Message data. */
    public static final int MSI_DATA = MSI_HEADER + 0x0C;
    /** Header of the MSI mapping capability. */
    public static final int MSI_MAPPING = 0x74;

    /** Header of the vendor-specific capability. */
    public static final int VENDOR = 0x78;
    /** VSC_ID and VSC_Rev. */
    public static final int VENDOR_ID = VENDOR + 0x04;
    /** VF BAR, low half. */
    public static final int PAGE_BAR = VENDOR + 0x08;
    /** VF-control BAR, low half. */
    public static final int CONTROL_BAR = VENDOR + 0x10;
    /** Id and length of the vendor-specific capability; its type, VSC_ID and VSC_Rev are not known and read 0. */
    public static final int VENDOR_TYPE = 0x18 << 16 | 0x09;

    /** Base class 08h, subclass 06h, programming interface 00h. */
    public static final int CLASS_CODE = 0x080600;
    /** Bits of the command register that are storage. */
    public static final int COMMAND_WRITABLE = 1 << 10 | 1 << 8 | 1 << 2 | 1 << 1;
    /** Status: there are capabilities. */
    public static final int STATUS_CAPABILITIES = 1 << 20;
    /** Status: signalled target abort. */
    public static final int STATUS_TARGET_ABORT = 1 << 27;

    /** Id and type of the IOMMU's capability, without the pointer to the next one. */
    public static final int HEADER_TYPE = 3 << 16 | 0x0F;
    /** Lowest bit of the pointer to the next capability. */
    public static final int NEXT_SHIFT = 8;
    /** Lowest bit of CapRev. */
    public static final int REVISION_SHIFT = 19;
    /** IotlbSup. */
    public static final int IOTLB_SUPPORT = 1 << 24;
    /** HtTunnel. */
    public static final int HT_TUNNEL = 1 << 25;
    /** NpCache. */
    public static final int NOT_PRESENT_CACHE = 1 << 26;
    /** EFRSup. */
    public static final int FEATURES_SUPPORT = 1 << 27;
    /** CapExt. */
    public static final int EXTENDED = 1 << 28;
    /** Enable, in the low half of the base. */
    public static final int ENABLE = 1;
    /** Low half of the base of a window of 16 KiB. */
    public static final int BASE_LOW_MASK = 0xFFFF_C000;
    /** Low half of the base of a window of 512 KiB. */
    public static final int BASE_LOW_LARGE_MASK = 0xFFF8_0000;
    /** Bits of MsiNum, MsiNumPPR and MsiNumGA. */
    public static final int MESSAGE_NUMBER_MASK = 0x1F;
    /** Lowest bit of GVAsize. */
    public static final int GUEST_SIZE_SHIFT = 5;
    /** Lowest bit of PAsize. */
    public static final int PHYSICAL_SIZE_SHIFT = 8;
    /** Lowest bit of VAsize. */
    public static final int VIRTUAL_SIZE_SHIFT = 15;
    /** HtAtsResv. */
    public static final int HT_ATS_RESERVED = 1 << 22;
    /** Lowest bit of MsiNumPPR. */
    public static final int PPR_NUMBER_SHIFT = 27;

    /** Id of the MSI capability, and its 64-bit addressing. */
    public static final int MSI_TYPE = 1 << 23 | 0x05;
    /** Lowest bit of log2 of the messages that the function can send. */
    public static final int MSI_CAPABLE_SHIFT = 17;
    /** Lowest bit of MME: log2 of the messages that software granted. */
    public static final int MSI_GRANTED_SHIFT = 20;
    /** MSI enable and MME. */
    public static final int MSI_WRITABLE = 7 << MSI_GRANTED_SHIFT | 1 << 16;
    /** MSI enable. */
    public static final int MSI_ENABLE = 1 << 16;
    /** Message address, low half. */
    public static final int MSI_ADDRESS_MASK = ~3;
    /** Message data. */
    public static final int MSI_DATA_MASK = 0xFFFF;
    /** The MSI mapping capability: HyperTransport, fixed window, enabled. */
    public static final int MAPPING_TYPE = 0b10101 << 27 | 3 << 16 | 0x08;

    private static final int MOST_GRANTED = 5;

    private CapabilityDescriptor() {}

    /** log2 of the messages that software granted, 0 to 5; the reserved codes 6 and 7 count as 5. */
    public static int granted(int header) {
        return Math.min(header >>> MSI_GRANTED_SHIFT & 7, MOST_GRANTED);
    }
}
