package org.iorewind.analyze.explain;

/**
 * What the console had said of a device and of the machine when a fault came.
 *
 * @param driver in front of the fault's own line; {@code pci} if no driver had the device, empty if no device was printed
 * @param formerDriver the last other driver that had spoken for the device before, or empty
 * @param deviceSpokenOf whether any line before named the device
 * @param sinceTroubleNs since the device's last line about a reset, a removal or a dead link; -1 if there was none
 * @param sinceResumeNs since the machine woke up; -1 if it had not slept
 * @param sinceStartNs since the kernel's start; -1 if the log does not tell
 * @param iommuReady whether the IOMMU had said that it was set up
 * @param secondKernel whether this kernel took over from another one (kexec, kdump)
 * @param qemu whether ACPI's table of IOMMUs was made by QEMU
 * @param passthrough whether devices use physical addresses by default
 * @param lazy whether the driver invalidates later, in batches
 * @param snp whether SNP is on
 */
record Surroundings(
        String driver,
        String formerDriver,
        boolean deviceSpokenOf,
        long sinceTroubleNs,
        long sinceResumeNs,
        long sinceStartNs,
        boolean iommuReady,
        boolean secondKernel,
        boolean qemu,
        boolean passthrough,
        boolean lazy,
        boolean snp) {
    private static final long RECENT_NS = 30_000_000_000L;

    /** Whether no driver had the device. */
    boolean isUnbound() {
        return driver.equals("pci");
    }

    boolean troubleIsRecent() {
        return sinceTroubleNs >= 0 && sinceTroubleNs < RECENT_NS;
    }

    boolean resumeIsRecent() {
        return sinceResumeNs >= 0 && sinceResumeNs < RECENT_NS;
    }

    boolean startIsRecent() {
        return sinceStartNs >= 0 && sinceStartNs < RECENT_NS;
    }
}
