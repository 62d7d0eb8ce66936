package org.iorewind.model.iommu.register;

import static org.iorewind.model.iommu.register.CapabilityDescriptor.BASE_HIGH;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.BASE_LOW;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.COMMAND;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.ENABLE;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.HEADER;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.MISC_0;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.MISC_1;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.MSI_ADDRESS_HIGH;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.MSI_ADDRESS_LOW;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.MSI_DATA;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.MSI_HEADER;
import static org.iorewind.model.iommu.register.CapabilityDescriptor.MSI_MAPPING;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.PciOptions;
import org.iorewind.model.iommu.VirtualOptions;

/**
 * The IOMMU's PCI function: header, the capability block, MSI and MSI mapping (reference 1.1, 1.2), and the coupling of
 * the MSI capability with its mirrors in MMIO (1.3, 1.9).
 *
 * <pre>
 *   configuration write ──▶ words ──▶ 0150h to 0168h of the RegisterFile
 *                             ▲                  │
 *                             └── MMIO write ────┘
 * </pre>
 *
 * <p>Once Enable is set, the base keeps its value until reset. The MMIO window answers whatever Enable and the base say,
 * since where it lies is the machine's affair (MC-81). Not thread-safe; allocates nothing after construction.
 */
public final class CapabilityBlock implements Stateful {
    private static final int WORD = 4;
    private static final int LARGEST_ACCESS = 4;

    private final int[] words = new int[CapabilityDescriptor.SPACE_BYTES / WORD];
    private final RegisterFile file;
    private final IommuOptions options;
    private final boolean hasMirrors;

    /** Binds the parts; call {@link #reset()} before use, after the registers were reset. */
    public CapabilityBlock(RegisterFile file, IommuOptions options) {
        this.file = file;
        this.options = options;
        long present = options.quirks().registers().present(options.extendedFeatures());
        this.hasMirrors = (present & FeatureDescriptor.MSI_MIRRORS) != 0;
    }

    /** Gives everything its reset value: Enable, the base, the message and the status are 0 (reference 1.13). */
    public void reset() {
        PciOptions pci = options.pci();
        Arrays.fill(words, 0);
        set(CapabilityDescriptor.IDS, pci.device() << 16 | pci.vendor());
        set(COMMAND, CapabilityDescriptor.STATUS_CAPABILITIES);
        set(CapabilityDescriptor.CLASS, CapabilityDescriptor.CLASS_CODE << 8 | pci.revision());
        set(CapabilityDescriptor.POINTER, HEADER);
        set(HEADER, header(pci));
        set(MISC_0, misc0(pci));
        set(MISC_1, pci.messageGuestApic());
        int capable = Integer.SIZE - Integer.numberOfLeadingZeros(pci.largestMessage());
        set(
                MSI_HEADER,
                CapabilityDescriptor.MSI_TYPE
                        | MSI_MAPPING << CapabilityDescriptor.NEXT_SHIFT
                        | capable << CapabilityDescriptor.MSI_CAPABLE_SHIFT);
        set(MSI_MAPPING, CapabilityDescriptor.MAPPING_TYPE);
        if (options.hasVirtualIommus()) {
            addVendorCapability();
        }
        publish();
    }

    /** Firmware places the BARs; software only reads them (amd-viommu reference 1.4). */
    private void addVendorCapability() {
        VirtualOptions virtual = options.virtual();
        set(
                MSI_MAPPING,
                CapabilityDescriptor.MAPPING_TYPE | CapabilityDescriptor.VENDOR << CapabilityDescriptor.NEXT_SHIFT);
        set(CapabilityDescriptor.VENDOR, CapabilityDescriptor.VENDOR_TYPE);
        setBar(CapabilityDescriptor.PAGE_BAR, virtual.pageBase(), virtual.isPageEnabled());
        setBar(CapabilityDescriptor.CONTROL_BAR, virtual.controlBase(), virtual.isControlEnabled());
    }

    private void setBar(int register, long base, boolean isEnabled) {
        set(register, base | (isEnabled ? ENABLE : 0));
        set(register + WORD, base >>> Integer.SIZE);
    }

    private int header(PciOptions pci) {
        return CapabilityDescriptor.HEADER_TYPE
                | MSI_HEADER << CapabilityDescriptor.NEXT_SHIFT
                | pci.capabilityRevision() << CapabilityDescriptor.REVISION_SHIFT
                | (options.isIotlbSupported() ? CapabilityDescriptor.IOTLB_SUPPORT : 0)
                | (pci.isHtTunnel() ? CapabilityDescriptor.HT_TUNNEL : 0)
                | (options.isNotPresentCached() ? CapabilityDescriptor.NOT_PRESENT_CACHE : 0)
                | CapabilityDescriptor.FEATURES_SUPPORT
                | CapabilityDescriptor.EXTENDED;
    }

    private static int misc0(PciOptions pci) {
        return pci.message()
                | pci.guestCode() << CapabilityDescriptor.GUEST_SIZE_SHIFT
                | pci.physicalBits() << CapabilityDescriptor.PHYSICAL_SIZE_SHIFT
                | pci.virtualBits() << CapabilityDescriptor.VIRTUAL_SIZE_SHIFT
                | (pci.isHtAtsReserved() ? CapabilityDescriptor.HT_ATS_RESERVED : 0)
                | pci.messagePpr() << CapabilityDescriptor.PPR_NUMBER_SHIFT;
    }

    /**
     * Reads configuration space; 0 where there is nothing, and for accesses that are not aligned ones of 1, 2 or 4 bytes.
     *
     * @param offset in bytes
     * @param sizeBytes of the access
     */
    public long read(int offset, int sizeBytes) {
        return isAccess(offset, sizeBytes) ? get(offset) >>> shiftOf(offset) & laneMask(sizeBytes) : 0;
    }

    /**
     * Writes configuration space; accesses that {@link #read} refuses change nothing.
     *
     * @param offset in bytes
     * @param sizeBytes of the access
     * @param value in its low bits
     */
    public void write(int offset, int sizeBytes, long value) {
        if (!isAccess(offset, sizeBytes)) {
            return;
        }
        int lanes = (int) laneMask(sizeBytes) << shiftOf(offset);
        int written = (int) value << shiftOf(offset) & lanes;
        int register = offset & -WORD;
        int writable = writable(register) & lanes;
        int cleared = register == COMMAND ? written & CapabilityDescriptor.STATUS_TARGET_ABORT : 0;
        set(register, ((int) get(register) & ~writable | written & writable) & ~cleared);
        publish();
    }

    private int writable(int register) {
        return switch (register) {
            case COMMAND -> CapabilityDescriptor.COMMAND_WRITABLE;
            case BASE_LOW -> isLocked() ? 0 : baseLowMask() | ENABLE;
            case BASE_HIGH -> isLocked() ? 0 : -1;
            case MSI_HEADER -> CapabilityDescriptor.MSI_WRITABLE;
            case MSI_ADDRESS_LOW -> CapabilityDescriptor.MSI_ADDRESS_MASK;
            case MSI_ADDRESS_HIGH -> -1;
            case MSI_DATA -> CapabilityDescriptor.MSI_DATA_MASK;
            default -> 0;
        };
    }

    private boolean isLocked() {
        return (get(BASE_LOW) & ENABLE) != 0;
    }

    private int baseLowMask() {
        boolean isLarge = (options.extendedFeatures() & FeatureDescriptor.PERFORMANCE_COUNTERS) != 0;
        return isLarge ? CapabilityDescriptor.BASE_LOW_LARGE_MASK : CapabilityDescriptor.BASE_LOW_MASK;
    }

    /** A request was aborted: sets "signalled target abort" in the status register (reference 4.4). */
    public void signalTargetAbort() {
        words[COMMAND / WORD] |= CapabilityDescriptor.STATUS_TARGET_ABORT;
    }

    /** Whether messages are on. */
    public boolean isMessageEnabled() {
        return (get(MSI_HEADER) & CapabilityDescriptor.MSI_ENABLE) != 0;
    }

    /** Address of the function's messages. */
    public long messageAddress() {
        return get(MSI_ADDRESS_HIGH) << Integer.SIZE | get(MSI_ADDRESS_LOW);
    }

    /**
     * Data of a message: its number takes the place of as many low bits as software granted. A number beyond them counts
     * modulo what was granted (MC-82).
     */
    public int messageData(int number) {
        int numbered = (1 << CapabilityDescriptor.granted((int) get(MSI_HEADER))) - 1;
        return (int) get(MSI_DATA) & ~numbered | number & numbered;
    }

    /** MsiNumGA, which software may have changed. */
    public int guestApicMessage() {
        return (int) get(MISC_1);
    }

    /** Takes what an MMIO write left in the mirrors; bits that cannot be written are restored. */
    public void adoptMirrors() {
        if (!hasMirrors) {
            return;
        }
        long header = file.get(MirrorDescriptor.MSI_HEADER);
        long message = file.get(MirrorDescriptor.MSI_MESSAGE);
        adopt(
                MISC_1,
                file.get(MirrorDescriptor.MSI_VECTORS) >>> Integer.SIZE,
                CapabilityDescriptor.MESSAGE_NUMBER_MASK);
        adopt(MSI_HEADER, header, CapabilityDescriptor.MSI_WRITABLE);
        adopt(MSI_ADDRESS_LOW, header >>> Integer.SIZE, CapabilityDescriptor.MSI_ADDRESS_MASK);
        adopt(MSI_ADDRESS_HIGH, message, -1);
        adopt(MSI_DATA, message >>> Integer.SIZE, CapabilityDescriptor.MSI_DATA_MASK);
        publish();
    }

    private void adopt(int register, long value, int writable) {
        set(register, (int) get(register) & ~writable | (int) value & writable);
    }

    private void publish() {
        if (hasMirrors) {
            file.set(MirrorDescriptor.MSI_VECTORS, get(MISC_1) << Integer.SIZE | get(MISC_0));
            file.set(MirrorDescriptor.MSI_HEADER, get(MSI_ADDRESS_LOW) << Integer.SIZE | get(MSI_HEADER));
            file.set(MirrorDescriptor.MSI_MESSAGE, get(MSI_DATA) << Integer.SIZE | get(MSI_ADDRESS_HIGH));
            long beside = file.get(MirrorDescriptor.MSI_MAPPING) & -1L << Integer.SIZE;
            file.set(MirrorDescriptor.MSI_MAPPING, beside | get(MSI_MAPPING));
        }
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int word : words) {
            sink.addLong(word);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        for (int i = 0; i < words.length; i++) {
            words[i] = (int) source.next();
        }
    }

    private long get(int offset) {
        return words[offset / WORD] & 0xFFFF_FFFFL;
    }

    private void set(int offset, long value) {
        words[offset / WORD] = (int) value;
    }

    private static boolean isAccess(int offset, int sizeBytes) {
        boolean isSize = sizeBytes > 0 && sizeBytes <= LARGEST_ACCESS && (sizeBytes & sizeBytes - 1) == 0;
        return isSize && offset >= 0 && offset < CapabilityDescriptor.SPACE_BYTES && (offset & sizeBytes - 1) == 0;
    }

    private static int shiftOf(int offset) {
        return (offset & WORD - 1) * 8;
    }

    private static long laneMask(int sizeBytes) {
        return (1L << 8 * sizeBytes) - 1;
    }
}
