package org.iorewind.analyze.explain;

/** What to type to be sure. Words end in a colon, a command follows; each stands alone. */
final class HowTo {
    private HowTo() {}

    /** Records maps and unmaps of the driver. */
    static String traceMappings(String device) {
        return "record which addresses the driver of " + device + " maps and unmaps, until the fault comes again:"
                + " trace-cmd record -e iommu:map -e iommu:unmap -e iommu:io_page_fault; trace-cmd report > ftrace.txt;"
                + " iorewind import ftrace ftrace.txt -o maps.iorw";
    }

    /** Makes every unmap take effect at once. */
    static String strict() {
        return "boot with iommu.strict=1: an address is then dead as soon as it is unmapped, and the fault moves to the"
                + " moment of the first wrong use";
    }

    /** Records everything in a VM. */
    static String recordVm() {
        return "bring the driver and the device into a VM and record everything, tables included: iorewind record qemu -o"
                + " run.iorw -- qemu-system-x86_64 ... -device amd-iommu,intremap=on,dma-remap=on; then: iorewind explain"
                + " run.iorw";
    }

    /** Lets the kernel check how a driver uses the DMA API. */
    static String checkDmaApi(String driver) {
        return "let the kernel check how the driver uses the DMA API (a kernel with CONFIG_DMA_API_DEBUG=y): boot with"
                + (driver.isEmpty() || driver.equals("pci") ? " dma_debug=on" : " dma_debug_driver=" + driver)
                + " and look for DMA-API lines";
    }

    /** Shows the device table entry. */
    static String deviceEntry(String device) {
        return "read the device table entry of " + device + " (kernels 7.x): echo " + device
                + " > /sys/kernel/debug/iommu/amd/devid; cat /sys/kernel/debug/iommu/amd/devtbl > devtbl.txt";
    }

    /** Shows the interrupt table. */
    static String interruptTable(String device) {
        return "read the interrupt table of " + device + " (kernels 7.x): echo " + device
                + " > /sys/kernel/debug/iommu/amd/devid; cat /sys/kernel/debug/iommu/amd/irqtbl";
    }

    /** Shows the command ring. */
    static String commandRing() {
        return "boot with amd_iommu_dump=1: the kernel then prints the command ring when it gives up (7.x); or read it:"
                + " cat /sys/kernel/debug/iommu/amd/iommu00/cmdbuf";
    }

    /** Turns off address translation by devices. */
    static String withoutAts() {
        return "boot with pci=noats: if the messages stop, the device's own translation cache (ATS) is what does not answer";
    }

    /** Shows what may not be translated. */
    static String reservedRegions(String device) {
        return "compare the address with what is reserved for the device: cat /sys/bus/pci/devices/" + device
                + "/iommu_group/reserved_regions";
    }

    /** Shows what lies at an address. */
    static String memoryMap(long address) {
        return "see what lies at " + org.iorewind.analyze.text.Notation.hex(address)
                + " in physical memory: cat /proc/iomem" + " (as root)";
    }

    /** Keeps a device from using memory until it is wanted. */
    static String busMaster(String device) {
        return "see whether the device may start requests (BusMaster+) before its driver is there: lspci -vv -s "
                + device;
    }

    /** Lets a device have its old addresses. */
    static String passthrough() {
        return "boot with iommu=pt: if the work succeeds then, the device uses addresses that the driver did not map for"
                + " it (this removes the protection, it repairs nothing)";
    }
}
