package org.iorewind.model.platform.vmm.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.iorewind.model.platform.vmm.topology.CommandLine.Irqchip;
import org.iorewind.model.platform.vmm.topology.CommandLine.Machine;

/**
 * Reads a VMM's command line as a shell would take it apart: words between blanks, quotes, and a backslash at the end of a
 * line that continues. It looks at {@code -machine}, {@code -accel}, {@code -enable-kvm}, {@code -object}, {@code -device},
 * {@code -nodefaults}, {@code -vga}, {@code -nic}, {@code -net} and {@code -netdev}; other options, with the word after them,
 * do not change a topology and are passed over. Not thread-safe.
 */
public final class CommandLineReader {
    /** Drivers in whose presence QEMU adds no display adapter. */
    private static final Set<String> DISPLAYS = Set.of(
            "VGA",
            "secondary-vga",
            "cirrus-vga",
            "vmware-svga",
            "qxl-vga",
            "virtio-vga",
            "virtio-vga-gl",
            "bochs-display");

    private static final Set<String> ALONE = Set.of("enable-kvm", "nodefaults");

    private final List<DeviceOption> devices = new ArrayList<>();
    private final List<String> iommufds = new ArrayList<>();
    private String machine = "q35";
    private boolean isAccelerated;
    private Irqchip irqchip = Irqchip.ON;
    private boolean hasDefaults = true;
    private boolean hasDisplay;
    private boolean hasNetwork = true;
    private boolean isDisplayNamed;

    private CommandLineReader() {}

    /**
     * Reads a command line, with or without the program's name in front.
     *
     * @throws TopologyException if an option that matters has no argument or one that cannot be read
     */
    public static CommandLine read(String text) {
        CommandLineReader reader = new CommandLineReader();
        List<String> words = words(text);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("-")) {
                String name = word.startsWith("--") ? word.substring(2) : word.substring(1);
                boolean hasArgument = !ALONE.contains(name)
                        && i + 1 < words.size()
                        && !words.get(i + 1).startsWith("-");
                reader.take(name, hasArgument ? words.get(++i) : "");
            }
        }
        return reader.result();
    }

    private void take(String name, String argument) {
        switch (name) {
            case "machine", "M" -> takeMachine(DeviceOption.parse(argument, "type"));
            case "accel" -> isAccelerated = argument.startsWith("kvm");
            case "enable-kvm" -> isAccelerated = true;
            case "object" -> takeObject(DeviceOption.parse(argument, "qom-type"));
            case "device" -> takeDevice(DeviceOption.parse(argument));
            case "nodefaults" -> hasDefaults = false;
            case "vga" -> takeDisplay(argument);
            case "nic", "net", "netdev" -> hasNetwork = false;
            default -> {
                // Processors, memory, disks and the rest do not change a topology.
            }
        }
    }

    private void takeMachine(DeviceOption option) {
        machine = option.driver();
        isAccelerated |=
                option.value("accel").filter(value -> value.startsWith("kvm")).isPresent();
        option.value("kernel-irqchip")
                .or(() -> option.value("kernel_irqchip"))
                .ifPresent(value -> irqchip = switch (value) {
                    case "on" -> Irqchip.ON;
                    case "split" -> Irqchip.SPLIT;
                    case "off" -> Irqchip.OFF;
                    default -> throw option.badValue("kernel-irqchip", "on, split or off", value);
                });
    }

    private void takeObject(DeviceOption option) {
        if (option.driver().equals("iommufd")) {
            iommufds.add(option.needed("id"));
        }
    }

    private void takeDevice(DeviceOption option) {
        devices.add(option);
        isDisplayNamed |= DISPLAYS.contains(option.driver());
    }

    private void takeDisplay(String kind) {
        isDisplayNamed = true;
        hasDisplay = !kind.equals("none");
    }

    private CommandLine result() {
        return new CommandLine(
                new Machine(machine, isAccelerated, irqchip),
                hasDisplay || hasDefaults && !isDisplayNamed,
                hasNetwork && hasDefaults,
                iommufds,
                devices);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean isInWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 && c != quote) {
                word.append(c);
            } else if (quote != 0) {
                quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
                isInWord = true;
            } else if (Character.isWhitespace(c) || isContinued(text, i)) {
                if (isInWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                isInWord = false;
            } else {
                word.append(c);
                isInWord = true;
            }
        }
        if (quote != 0) {
            throw new TopologyException(
                    TopologyProblem.MALFORMED_OPTION, text, "a closing " + quote, "the end of the text");
        }
        if (isInWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** Whether a backslash stands here with nothing but a blank or the end behind it. */
    private static boolean isContinued(String text, int place) {
        return text.charAt(place) == '\\'
                && (place + 1 == text.length() || Character.isWhitespace(text.charAt(place + 1)));
    }
}
