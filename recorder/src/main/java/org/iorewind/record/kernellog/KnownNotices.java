package org.iorewind.record.kernellog;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the AMD driver of kernels 4.x to 7.x prints besides entries of the event log, the words behind {@code AMD-Vi: }.
 * Taken from the sources of Linux 4.18, 6.1.192, 6.12.117 and from reference 11.3 for 5.10 and 7.2.
 */
final class KnownNotices {
    /** What it says while it runs. */
    private static final String[] RUNNING = {
        "Completion-Wait loop timed out",
        "IOMMU %x:%x:%x.%x: Completion-Wait loop timed out",
        "Command buffer timeout",
        "CMD Buffer head=%d tail=%d",
        "%d: %x %x %x %x",
        "IOMMU event log overflow",
        "IOMMU GA Log overflow",
        "IOMMU GA Log restarting",
        "IOMMU PPR Log overflow",
        "IOMMU %s log restarting",
        "No event written to event log",
        "Control Reg : %x",
        "DTE[%d]: %x",
        "CMD[%d]: %x",
        "PPR logged [Request ignored due to GN=0 (device=%x:%x:%x.%x pasid=%x address=%x flags=%x tag=%x]",
        "PPR logged [Invalid request format (device=%x:%x:%x.%x pasid=%x address=%x flags=%x tag=%x]",
        "Unknown PPR request received",
        "Invalid PASID : %x, device : %x",
        "GA log notifier failed.",
        "%s: devid=%x, ga_tag=%x",
        "Processing IOMMU Event Log",
        "Processing IOMMU PPR Log",
        "Processing IOMMU GA Log",
        "Processing IOMMU (ivhd%d) %s Log",
        "IOMMU pte changed since we read it",
        "AMD-Vi: IOMMU pte changed since we read it",
        "%s: IOMMU mapping error in map_sg (io-pages: %d)",
        "%s: no iommu for devid %x:%x",
        "%s: no table for devid %x:%x",
        "%s: no iommu for devid %x",
        "%s: no table for devid %x",
        "%s : Failed to get alias dev_data for %x",
        "%s : Failed to get dev_data for %x",
        "%s: Fall back to using intr legacy remap",
        "Failed to allocate IRTE",
        "Failed to allocate",
        "IOMMU PFN %x RMP lookup failed, ret %s",
        "IOMMU PFN %x not assigned in RMP table",
        "PSMASH failed for IOMMU PFN %x huge RMP entry, ret: %s, level: %d",
    };

    /** What it says of itself at the start. */
    private static final String[] STARTING = {
        "Found IOMMU at %s cap %x",
        "Found IOMMU cap %x",
        "Extended features (%x):%s",
        "Extended features (%x, %x):%s",
        "Using global IVHD EFR:%x, EFR2:%x",
        "EFR mismatch. Use IVHD EFR (%x : %x), EFR2 (%x : %x).",
        "Found inconsistent EFR/EFR2 %x,%x (global %x,%x) on iommu%d (%x:%x:%x.%x).",
        "Interrupt remapping enabled",
        "Disabling interrupt remapping",
        "X2APIC enabled",
        "virtual APIC enabled",
        "Virtual APIC enabled",
        "Force to disable Virtual APIC due to SNP",
        "V2 page table enabled",
        "V2 page table enabled (Paging mode : %d level)",
        "V2 page table doesn't support passthrough mode. Fallback to v1.",
        "Cannot enable v2 page table for DMA-API. Fallback to v1.",
        "Force to using AMD IOMMU v1 page table due to SNP",
        "Restricting V1 page-sizes to 4KiB",
        "Restricting V1 page-sizes to 4KiB/2MiB/1GiB",
        "IO/TLB flush on unmap enabled",
        "Lazy IO/TLB flushing enabled",
        "Using strict mode due to virtualization",
        "iommu%d (%x) : IRT cache is %s",
        "IOMMU performance counters supported",
        "Unable to read/write to IOMMU perf counter.",
        "Unable to write to IOMMU perf counter.",
        "Applying erratum 746 workaround",
        "Applying erratum 746 workaround for IOMMU at %s",
        "Applying ATS write check workaround",
        "Applying ATS write check workaround for IOMMU at %s",
        "Applying erratum: Increase Event log size to %x",
        "Applying erratum: Increase PPR log size to %x",
        "Disable IOMMU on Stoney Ridge",
        "AMD IOMMU disabled on kernel command-line",
        "IOMMU not currently supported when SME is active",
        "IOMMU SNP support enabled.",
        "SNP enabled",
        "SNP: %s",
        "Translation is already enabled - trying to copy translation structures",
        "Translation is already enabled - trying to reuse translation structures",
        "Translation was enabled for IOMMU:%d but we are not in kdump mode",
        "Copied DEV table from previous kernel.",
        "Reused DEV table from previous kernel.",
        "Failed to copy DEV table from previous kernel.",
        "Failed to reuse DEV table from previous kernel.",
        "Failed to allocate memory for copying old device table!",
        "The address of old device table is above 4G, not trustworthy!",
        "The device table size of IOMMU:%d is not expected!",
        "IOMMU:%d should use the same dev table as others!",
        "Wrong old irq remapping flag: %x",
        "Host Address Translation is not supported.",
        "Disable host address translation due to invalid translation level (%x).",
        "Failed to initialize. The CMPXCHG16B feature is required.",
        "IOMMU%d: Failed to initialize IOMMU Hardware (error=%s)!",
        "Error initializing IOMMU %d.",
        "System has more IOMMUs than supported by this driver",
        "Can not reserve memory region %x-%x for mmio",
        "This is a BIOS bug. Please contact your hardware vendor",
        "Failed to initialize - trying to proceed anyway",
        "Failed to initialize device %s - trying to proceed anyway",
        "Out of memory allocating dm-regions",
        "Out of memory allocating dm-regions for %s",
        "Reserving MSI range failed",
        "Reserving HT range failed",
        "Reserve pci-resource range failed",
        "Failed to register irq affinity notifier (devid=%x, irq %d)",
    };

    /** What it says of ACPI's table and of the command line. */
    private static final String[] CONFIGURING = {
        "IVRS invalid checksum",
        "IVRS table error: %s",
        "Unsupported IVHD type %x",
        "Invalid IVHD device type %x",
        "Invalid HID.",
        "Invalid UID length.",
        "No ACPI device matched UID, but %d device%s matched HID.",
        "IOAPIC[%d] not in IVRS table",
        "No southbridge IOAPIC found",
        "Using IVHD type %x",
        "PCI segment : %x, last bdf : %x",
        "device: %s cap: %x %s",
        "mmio-addr: %x",
        "%s devid_start: %s devid_end: %s",
        "DEV_%s",
        "%s, add hid:%s, uid:%s, rdevid:%d",
        "Using IVRS reported alias %x:%x.%d for device %s[%x:%x], kernel reported alias %x:%x.%d",
        "Added PCI DMA alias %x.%d for %s",
        "Command-line override for hid:%s uid:%s",
        "Command-line override present for %s id %d - ignoring",
        "Unknown option - '%s'",
        "Early IOAPIC map overflow - ignoring ivrs_ioapic%s",
        "Early HPET map overflow - ignoring ivrs_hpet%s",
        "Early ACPI HID map overflow - ignoring ivrs_acpihid%s",
        "Invalid command line: %s",
        "amd_iommu=fullflush deprecated; use iommu.strict=1 instead",
        "ivrs_ioapic%s option format deprecated; use %s",
        "ivrs_hpet%s option format deprecated; use %s",
        "ivrs_acpihid%s option format deprecated; use %s",
    };

    private static final List<NoticeFormat> FORMATS = Stream.of(RUNNING, STARTING, CONFIGURING)
            .flatMap(Stream::of)
            .map(NoticeFormat::new)
            .toList();

    private static final String FIRMWARE_BUG = "[Firmware Bug]:";

    private KnownNotices() {}

    /**
     * Whether a kernel of the versions named above prints this.
     *
     * @param words what stands behind {@code AMD-Vi:}
     */
    static boolean knows(String words) {
        String plain = words.strip();
        if (plain.startsWith(FIRMWARE_BUG)) {
            plain = plain.substring(FIRMWARE_BUG.length()).strip();
        }
        if (plain.startsWith(":")) {
            plain = plain.substring(1).strip();
        }
        String squeezed = NoticeFormat.squeeze(plain);
        for (NoticeFormat format : FORMATS) {
            if (format.fits(squeezed)) {
                return true;
            }
        }
        return false;
    }
}
