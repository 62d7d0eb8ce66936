package org.iorewind.cli.command;

import org.iorewind.cli.UsageException;
import org.iorewind.record.MmioWindow;
import org.iorewind.record.text.Digits;
import picocli.CommandLine.Option;

/** Where the IOMMU's registers lie, for sources that record accesses to all devices. */
final class MmioBaseOption {
    @Option(
            names = "--mmio-base",
            paramLabel = "ADDRESS",
            description = "Physical address of the IOMMU's registers (16 KiB), such as 0xfd200000. Default: 0xfed80000,"
                    + " where QEMU has them.")
    private String base = "";

    /**
     * The window.
     *
     * @throws UsageException if the address cannot be one of registers
     */
    MmioWindow window() {
        if (base.isEmpty()) {
            return MmioWindow.QEMU;
        }
        try {
            return new MmioWindow(Digits.prefixedHex(base));
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "--mmio-base: expected an address such as 0xfd200000, a multiple of 0x1000, found: " + base);
        }
    }
}
