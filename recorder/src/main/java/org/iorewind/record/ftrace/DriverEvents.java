package org.iorewind.record.ftrace;

import org.iorewind.record.text.PciName;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.CallPhase;

/**
 * The events of Linux's IOMMU core, {@code iommu:*}, as calls of a driver. Printed form and that of {@code trace-cmd report
 * -R} (raw fields) are understood.
 *
 * <pre>
 *   map                         IOMMU: iova=0x… - 0x… paddr=0x… size=N
 *   unmap                       IOMMU: iova=0x… - 0x… size=N unmapped_size=N
 *   attach_device_to_domain     IOMMU: device=NAME
 *   detach_device_from_domain   IOMMU: device=NAME                         (Linux before 6.2)
 *   add_device_to_group         IOMMU: groupID=N device=NAME
 *   remove_device_from_group    IOMMU: groupID=N device=NAME
 *   io_page_fault               IOMMU:DRIVER NAME iova=0x… flags=0x…
 * </pre>
 */
final class DriverEvents {
    private static final int NO_DEVICE = -1;
    private static final String PREFIX = "IOMMU:";

    private final EventWriter writer;

    DriverEvents(EventWriter writer) {
        this.writer = writer;
    }

    /** Whether the line is an event of the IOMMU core, by its name. */
    static boolean isOurs(FtraceLine line) {
        return switch (line.event()) {
            case "map", "unmap" ->
                line.payload().startsWith(PREFIX) || line.payload().startsWith("iova=");
            case "attach_device_to_domain",
                    "detach_device_from_domain",
                    "add_device_to_group",
                    "remove_device_from_group",
                    "io_page_fault" -> true;
            default -> false;
        };
    }

    /** Writes the call; false if the line cannot be understood. */
    boolean line(FtraceLine line) {
        String payload = line.payload();
        try {
            switch (line.event()) {
                case "map" -> {
                    long iova = Fields.hex(payload, "iova");
                    long physical = Fields.hex(payload, "paddr");
                    call(line, NO_DEVICE, iova, physical, Fields.number(payload, "size"), "map", "");
                }
                case "unmap" -> {
                    long iova = Fields.hex(payload, "iova");
                    long size = Fields.number(payload, "size");
                    long unmapped = Fields.number(payload, "unmapped_size");
                    call(line, NO_DEVICE, iova, 0, size, "unmap", "unmapped=" + unmapped + " ");
                }
                case "attach_device_to_domain" -> device(line, "attach", Fields.word(payload, "device"), "");
                case "detach_device_from_domain" -> device(line, "detach", Fields.word(payload, "device"), "");
                case "add_device_to_group", "remove_device_from_group" -> group(line);
                case "io_page_fault" -> fault(line);
                default -> {
                    return false;
                }
            }
        } catch (NumberFormatException e) {
            return false;
        }
        return true;
    }

    private void group(FtraceLine line) {
        String name = line.payload().contains("groupID=") ? "groupID" : "gid";
        long group = Fields.number(line.payload(), name);
        device(line, line.event(), Fields.word(line.payload(), "device"), "group=" + group + " ");
    }

    /** Printed, the driver and the device stand before the address; raw, they are fields. */
    private void fault(FtraceLine line) {
        String payload = line.payload();
        long iova = Fields.hex(payload, "iova");
        long flags = Fields.number(payload, "flags");
        String device;
        String driver;
        if (payload.startsWith(PREFIX)) {
            int end = payload.indexOf(" iova=");
            int blank = payload.lastIndexOf(' ', end - 1);
            if (blank < PREFIX.length()) {
                throw new NumberFormatException("no driver and device");
            }
            driver = payload.substring(PREFIX.length(), blank);
            device = payload.substring(blank + 1, end);
        } else {
            device = Fields.word(payload, "device");
            driver = Fields.word(payload, "driver");
        }
        String arguments = "device=" + device + " driver=" + driver + " flags=0x" + Long.toHexString(flags) + " ";
        call(line, requester(device), iova, 0, 0, "io_page_fault", arguments);
    }

    private void device(FtraceLine line, String call, String device, String more) {
        call(line, requester(device), 0, 0, 0, call, "device=" + device + " " + more);
    }

    private void call(
            FtraceLine line, int requester, long iova, long physical, long size, String call, String arguments) {
        String who = "task=" + line.task() + " cpu=" + line.cpu();
        writer.driverCall(CallPhase.POINT, requester, 0, iova, physical, size, call, arguments + who);
    }

    /** The segment is not in it; what is no PCI function has none. */
    private static int requester(String device) {
        PciName name = PciName.of(device);
        return name == null ? NO_DEVICE : name.requester();
    }
}
