package org.iorewind.record.simpletrace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.record.text.TextSource;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The events that a QEMU can trace, as its file {@code trace-events-all} declares them:
 *
 * <pre>
 *   # comment
 *   amdvi_mmio_write(const char *reg, uint64_t addr, unsigned size, uint64_t val, uint64_t offset) "%s write addr …"
 *   disable vcpu some_event(void) "…"
 * </pre>
 */
final class EventDeclarations {
    /** What QEMU 11 has and no QEMU before it. */
    private static final String NEW_IN_11 = "amdvi_generate_msi_interrupt";

    private final String file;
    private final Map<String, List<ArgumentType>> byName = new HashMap<>();

    private EventDeclarations(String file) {
        this.file = file;
    }

    /**
     * Reads the file.
     *
     * @throws TraceFormatException if no event is declared in it
     */
    static EventDeclarations read(Path path) {
        EventDeclarations declarations = new EventDeclarations(path.toString());
        try (TextSource text = TextSource.open(path)) {
            for (String line = text.nextLine(); line != null; line = text.nextLine()) {
                if (declarations.byName.size() < SimpleTraceDescriptor.MOST_EVENTS) {
                    declarations.line(line);
                }
            }
        }
        if (declarations.byName.isEmpty()) {
            throw new TraceFormatException(
                    path.toString(),
                    "",
                    "declarations of trace events, such as name(uint64_t addr) \"addr 0x%\"PRIx64",
                    "none",
                    "give QEMU's own file, most often /usr/share/qemu/trace-events-all");
        }
        return declarations;
    }

    private void line(String line) {
        int open = line.indexOf('(');
        int close = line.indexOf(')', open + 1);
        if (line.startsWith("#") || open <= 0 || close < 0) {
            return;
        }
        String[] words = line.substring(0, open).strip().split("\\s+", -1);
        String name = words[words.length - 1];
        if (!name.matches("\\w{1,200}")) {
            return;
        }
        String arguments = line.substring(open + 1, close).strip();
        List<ArgumentType> types = new ArrayList<>();
        if (!arguments.isEmpty() && !arguments.equals("void")) {
            for (String argument : arguments.split(",", -1)) {
                types.add(ArgumentType.of(argument));
            }
        }
        byName.put(name, List.copyOf(types));
    }

    /** Types of the event's arguments, or null if there is no such event. */
    @Nullable
    List<ArgumentType> of(String name) {
        return byName.get(name);
    }

    /** The file, for messages. */
    String file() {
        return file;
    }

    /** Label of the profile, if the declarations tell; else empty. */
    String profile() {
        return byName.containsKey(NEW_IN_11) ? "qemu-11.1" : "";
    }
}
