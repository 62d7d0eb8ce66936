package org.iorewind.analyze.explain;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what the console says about devices and the machine, in bounded memory. One thread. */
final class ConsoleReader {
    private static final int MOST_DEVICES = 10_000;
    private static final long NEVER = Long.MIN_VALUE;
    private static final String[] TROUBLE = {
        "reset",
        "link is down",
        "link down",
        "detached",
        "removed",
        "removal",
        "not responding",
        "died",
        "timed out",
        "timeout",
        "disconnect",
        "unplug",
        "offline",
        "surprise",
        "card not present",
        "fatal",
        "remove, state"
    };

    /** What is known of one device. */
    private static final class Device {
        private String driver = "";
        private String formerDriver = "";
        private long troubleNs = NEVER;
        private boolean spokenOf;
    }

    private final Map<String, Device> devices = new LinkedHashMap<>();
    private DevicePrefix entryPrefix = DevicePrefix.NONE;
    private long resumeNs = NEVER;
    private boolean startSeen;
    private boolean iommuReady;
    private boolean secondKernel;
    private boolean qemu;
    private boolean passthrough;
    private boolean lazy;
    private boolean snp;

    /** Hears the next line. */
    void line(String text, long timeNs) {
        DevicePrefix prefix = DevicePrefix.of(text);
        if (text.contains("AMD-Vi")) {
            entryPrefix = prefix;
            ofIommu(text);
            if (prefix.isDevice() && text.contains("Event logged")) {
                device(prefix);
            }
            return;
        }
        if (prefix.isDevice()) {
            spokenOf(prefix, text, timeNs);
        } else {
            machine(text, timeNs);
        }
    }

    /** Who the line in front of an entry of the event log named. */
    DevicePrefix entryPrefix() {
        return entryPrefix;
    }

    /** What is known when a fault of a device comes. */
    Surroundings of(String device, long timeNs) {
        Device known = devices.get(device);
        String driver = entryPrefix.isDevice() ? entryPrefix.driver() : "";
        String former = "";
        if (known != null) {
            former = known.driver.equals(driver) || known.driver.equals("pci") ? known.formerDriver : known.driver;
        }
        return new Surroundings(
                driver,
                former.equals(driver) ? "" : former,
                known != null && known.spokenOf,
                known == null ? -1 : since(known.troubleNs, timeNs),
                since(resumeNs, timeNs),
                startSeen ? Math.max(0, timeNs) : -1,
                iommuReady,
                secondKernel,
                qemu,
                passthrough,
                lazy,
                snp);
    }

    private static long since(long then, long now) {
        return then == NEVER ? -1 : Math.max(0, now - then);
    }

    private void spokenOf(DevicePrefix prefix, String text, long timeNs) {
        Device device = device(prefix);
        if (device == null) {
            return;
        }
        device.spokenOf = true;
        String words = text.toLowerCase(Locale.ROOT);
        for (String trouble : TROUBLE) {
            if (words.contains(trouble)) {
                device.troubleNs = timeNs;
            }
        }
    }

    private @Nullable Device device(DevicePrefix prefix) {
        Device device = devices.get(prefix.name());
        if (device == null) {
            if (devices.size() >= MOST_DEVICES) {
                return null;
            }
            device = new Device();
            devices.put(prefix.name(), device);
        }
        if (!prefix.driver().equals(device.driver)) {
            if (!device.driver.isEmpty() && !device.driver.equals("pci")) {
                device.formerDriver = device.driver;
            }
            device.driver = prefix.driver();
        }
        return device;
    }

    private void ofIommu(String text) {
        iommuReady |= text.contains("Extended features") || text.contains("Interrupt remapping enabled");
        secondKernel |=
                text.contains("Translation is already enabled") || text.contains("DEV table from previous kernel");
        snp |= text.contains("SNP enabled") || text.contains("SNP support enabled");
    }

    private void machine(String text, long timeNs) {
        if (text.startsWith("Linux version ")) {
            startSeen = true;
        } else if (text.startsWith("ACPI: IVRS ")) {
            qemu |= text.contains("BOCHS");
        } else if (text.startsWith("iommu: Default domain type")) {
            passthrough = text.contains("Passthrough");
        } else if (text.startsWith("iommu: DMA domain TLB")) {
            lazy = text.contains("lazy");
        } else if (text.startsWith("PM: suspend exit") || text.startsWith("ACPI: PM: Waking up")) {
            resumeNs = timeNs;
        } else if (text.contains("DEV table from previous kernel")
                || text.startsWith("Translation is already enabled")) {
            secondKernel = true;
        }
    }
}
