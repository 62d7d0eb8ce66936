package org.iorewind.model.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.model.iommu.Profile;

/**
 * A QEMU to compare with, and what is special about it.
 *
 * @param path of the program
 * @param version as it names itself
 * @param profile of the model that predicts it
 */
record QemuBinary(String path, String version, Profile profile) {
    private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.(\\d+)");

    /** The program that property {@code iorewind.qemu} or environment variable {@code IOREWIND_QEMU} names. */
    static String configuredPath() {
        String environment = System.getenv().getOrDefault("IOREWIND_QEMU", "qemu-system-x86_64");
        return System.getProperty("iorewind.qemu", environment);
    }

    /** Asks a program for its version; empty when it cannot be run. */
    static Optional<String> versionOf(String path) {
        return outputOf(path, "--version").map(text -> text.lines().findFirst().orElse(""));
    }

    /** The program as the suite needs it; empty when no profile stands for its version. */
    static Optional<QemuBinary> of(String path, String version) {
        return profileOf(version).map(profile -> new QemuBinary(path, version, profile));
    }

    private static Optional<Profile> profileOf(String version) {
        Matcher numbers = VERSION.matcher(version);
        return numbers.find() ? Profile.named("qemu-" + numbers.group(1) + "." + numbers.group(2)) : Optional.empty();
    }

    private static Optional<String> outputOf(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Options of the IOMMU under which it translates. */
    String iommuOptions() {
        return switch (profile) {
            case QEMU_10_0 -> "intremap=on,pt=off";
            case QEMU_11_1 -> "intremap=on,dma-remap=on";
            case QEMU_7_2, SPEC -> "intremap=on";
        };
    }
}
