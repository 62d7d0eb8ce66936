package org.iorewind.record.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command line that starts QEMU, as the user wrote it.
 *
 * @param program the words up to and with QEMU's name: {@code qemu-system-x86_64}, or {@code taskset 2 qemu-system-x86_64}
 * @param options the rest, in order
 */
public record QemuCommand(List<String> program, List<Option> options) {
    /** Options that take no value (qemu-options.hx of 7.2 to 11.1). */
    private static final Set<String> WITHOUT_VALUE = Set.of(
            "h",
            "help",
            "version",
            "S",
            "s",
            "snapshot",
            "nographic",
            "nodefaults",
            "no-user-config",
            "daemonize",
            "enable-kvm",
            "no-reboot",
            "no-shutdown",
            "no-acpi",
            "no-hpet",
            "usb",
            "full-screen",
            "portrait",
            "curses",
            "sdl",
            "mem-prealloc",
            "only-migratable",
            "no-fd-bootchk",
            "win2k-hack",
            "preconfig",
            "xen-attach",
            "singlestep",
            "one-insn-per-tb",
            "no-quit",
            "alt-grab",
            "ctrl-grab",
            "semihosting",
            "old-param",
            "async-teardown",
            "xen-domid-restrict",
            "enable-fips");

    /**
     * One option.
     *
     * @param text as written, such as {@code -m} or {@code --device}; a word that is no option stands here too
     * @param value the word after it, or null
     */
    public record Option(String text, @Nullable String value) {
        /** The name without dashes; empty for a word that is no option. */
        public String name() {
            if (!text.startsWith("-") || text.length() == 1) {
                return "";
            }
            return text.startsWith("--") ? text.substring(2) : text.substring(1);
        }

        /** The value, or an empty text. */
        public String valueOrEmpty() {
            return value == null ? "" : value;
        }
    }

    /** Copies the lists. */
    public QemuCommand {
        program = List.copyOf(program);
        options = List.copyOf(options);
    }

    /**
     * Takes words apart.
     *
     * @param words at least one
     * @throws IllegalArgumentException if there is none
     */
    public static QemuCommand of(List<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no words");
        }
        int programEnd = programEnd(words);
        List<Option> options = new ArrayList<>();
        for (int i = programEnd; i < words.size(); i++) {
            String word = words.get(i);
            String name = new Option(word, null).name();
            boolean hasValue = !name.isEmpty() && !WITHOUT_VALUE.contains(name) && i + 1 < words.size();
            options.add(new Option(word, hasValue ? words.get(i + 1) : null));
            if (hasValue) {
                i++;
            }
        }
        return new QemuCommand(words.subList(0, programEnd), options);
    }

    /** Behind the first word that is QEMU by its name; a wrapper of another name is the first word alone. */
    private static int programEnd(List<String> words) {
        for (int i = 0; i < words.size() && !words.get(i).startsWith("-"); i++) {
            Path file = Path.of(words.get(i)).getFileName();
            String name = file == null ? "" : file.toString();
            if (name.startsWith("qemu") || name.equals("kvm")) {
                return i + 1;
            }
        }
        return 1;
    }

    /** The values of all options of one of these names, in order. */
    public List<String> values(String... names) {
        Set<String> wanted = Set.of(names);
        return options.stream()
                .filter(option -> wanted.contains(option.name()))
                .map(Option::valueOrEmpty)
                .toList();
    }

    /** Whether an option of one of these names is there. */
    public boolean has(String... names) {
        return !values(names).isEmpty();
    }

    /** The values of {@code -device} whose model is this one. */
    public List<Properties> devices(String model) {
        return values("device").stream()
                .map(Properties::of)
                .filter(device -> device.first().equals(model))
                .toList();
    }

    /** The property of {@code -machine} that was set last, or null. */
    public @Nullable String machineProperty(String key) {
        String found = null;
        for (String value : values("machine", "M")) {
            String property = Properties.of(value).get(key);
            found = property == null ? found : property;
        }
        return found;
    }

    /** Whether the machine's console, or QEMU's monitor, is on the terminal that QEMU is started from. */
    public boolean usesTerminal() {
        return has("nographic", "curses")
                || values("display").stream().anyMatch(value -> value.startsWith("curses"))
                || values("serial", "monitor", "chardev", "mon", "parallel", "debugcon", "virtioconsole", "qmp")
                        .stream()
                        .anyMatch(value -> value.contains("stdio") || value.contains("/dev/tty"));
    }

    /** The words of all options. */
    public List<String> words() {
        List<String> words = new ArrayList<>(program);
        for (Option option : options) {
            words.add(option.text());
            if (option.value() != null) {
                words.add(option.value());
            }
        }
        return words;
    }

    /** QEMU's name without its folder. */
    public String name() {
        Path file = Path.of(program.get(program.size() - 1)).getFileName();
        return file == null ? "" : file.toString();
    }
}
