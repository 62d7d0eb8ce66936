package org.iorewind.model.iommu;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which device the model behaves like: the specification, or a QEMU version with its known deviations. */
public enum Profile {
    /** What hardware would do. The default for new work. */
    SPEC("spec"),
    /** QEMU 7.2. */
    QEMU_7_2("qemu-7.2"),
    /** QEMU 10.0. */
    QEMU_10_0("qemu-10.0"),
    /** QEMU 11.1 (with {@code dma-remap=on}). */
    QEMU_11_1("qemu-11.1");

    private final String label;

    Profile(String label) {
        this.label = label;
    }

    /** The name people write, such as {@code qemu-10.0}. */
    public String label() {
        return label;
    }

    /** All names, with commas between them, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(Profile::label).collect(Collectors.joining(", "));
    }

    /** The profile with this label; empty when there is none. */
    public static Optional<Profile> named(String label) {
        for (Profile profile : values()) {
            if (profile.label.equals(label)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }
}
