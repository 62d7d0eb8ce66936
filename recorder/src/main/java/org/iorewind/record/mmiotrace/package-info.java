/**
 * Reads the text of Linux's mmiotrace, {@code VERSION 20070824}.
 *
 * <pre>
 *   VERSION 20070824
 *   PCIDEV bdf vendordevice irq bar0 … bar5 rom size0 … size5 romsize driver
 *   MAP time map physical virtual length pc pid
 *   R|W width time map physical value pc pid        a register in the IOMMU's window ─▶ MmioRead + MmioReadValue, MmioWrite
 *   UNKNOWN time map physical opcode pc pid         an instruction that was not understood ─▶ Gap, in the window
 *   UNMAP time map pc pid
 *   MARK time text                                  ─▶ Mark; "Lost N events." ─▶ Gap
 * </pre>
 *
 * <p>mmiotrace sees only what is mapped while it runs. A kernel maps its IOMMU's registers long before it can be switched
 * on: with an unchanged kernel they are never in the text. It is of use for a driver that is loaded later, as in a guest or a
 * small system under test.
 */
@NullMarked
package org.iorewind.record.mmiotrace;

import org.jspecify.annotations.NullMarked;
