package org.iorewind.analyze.explain;

/**
 * Whom a line of the console is about: {@code nvme 0000:01:00.0: ...} or {@code iommu ivhd0: ...}.
 *
 * @param driver in front of the name; {@code pci} means that no driver has the device
 * @param name {@code 0000:01:00.0}, {@code ivhd0}
 */
record DevicePrefix(String driver, String name) {
    /** Nobody in particular. */
    static final DevicePrefix NONE = new DevicePrefix("", "");

    private static final int LONGEST = 80;
    private static final int FULL_NAME = "0000:00:00.0".length();

    /** The prefix of a line, or {@link #NONE}. */
    static DevicePrefix of(String line) {
        int blank = line.indexOf(' ');
        int colon = line.indexOf(": ");
        if (blank <= 0 || colon <= blank || colon > LONGEST) {
            return NONE;
        }
        // a network driver says "e1000e 0000:00:05.0 eth0: ..."
        int next = line.indexOf(' ', blank + 1);
        String name = line.substring(blank + 1, Math.min(next, colon));
        return isPci(name) || name.startsWith("ivhd") ? new DevicePrefix(line.substring(0, blank), name) : NONE;
    }

    /** Whether it names a PCI function. */
    boolean isDevice() {
        return isPci(name);
    }

    private static boolean isPci(String name) {
        return name.length() == FULL_NAME && name.charAt(4) == ':' && name.charAt(7) == ':' && name.charAt(10) == '.';
    }
}
