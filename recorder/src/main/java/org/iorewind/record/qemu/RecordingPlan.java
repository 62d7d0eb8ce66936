package org.iorewind.record.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.record.qemulog.LogFacts;
import org.jspecify.annotations.Nullable;

/**
 * How a QEMU will be started and recorded.
 *
 * @param command the user's command line, changed where {@code changes} says so
 * @param way how its lines come
 * @param environment variables that are set for it, in the order to show them
 * @param additions what is added behind it
 * @param changes what of the user's own words is changed, and why; sentences without full stop
 * @param warnings what will be missing, why, and what to do; sentences without full stop
 * @param capabilities of this QEMU
 * @param accelerator {@code tcg}, {@code kvm} or another one
 * @param facts what its lines will carry
 * @param ram where memory is read
 * @param missing sentences for the completeness contract, with full stops
 * @param needsMemory without memory the recording is not wanted
 * @param holdsStart the guest is held at its start and must be let go
 * @param userLog the file that the user wanted the log in; null if none
 * @param userReadsLog the user asked for log lines of his own, which must reach him
 * @param userReadsEvents the user asked for the events of the IOMMU too
 */
public record RecordingPlan(
        QemuCommand command,
        Way way,
        SortedMap<String, String> environment,
        List<Addition> additions,
        List<String> changes,
        List<String> warnings,
        Capabilities capabilities,
        String accelerator,
        LogFacts facts,
        GuestRam ram,
        String missing,
        boolean needsMemory,
        boolean holdsStart,
        @Nullable Path userLog,
        boolean userReadsLog,
        boolean userReadsEvents) {
    /** Copies the lists. */
    public RecordingPlan {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        additions = List.copyOf(additions);
        changes = List.copyOf(changes);
        warnings = List.copyOf(warnings);
    }

    /** The words that start QEMU. */
    public List<String> words() {
        List<String> words = new ArrayList<>(command.words());
        for (Addition addition : additions) {
            if (!addition.environment()) {
                words.addAll(addition.words());
            }
        }
        return words;
    }

    /** The completeness contract. */
    public String contract() {
        return LiveQemuLog.contract(facts, missing);
    }

    /** Id of the memory backend that is the machine's RAM; empty if the command line names none. */
    public String ramBackend() {
        if (ram.place() == GuestRam.Place.OWN_FILE) {
            return MemoryChoice.BACKEND;
        }
        String backend = command.machineProperty("memory-backend");
        return backend == null ? "" : backend;
    }

    /** The machine in words, for the trace. */
    public String platform() {
        String machine = command.machineProperty("type");
        String first = command.values("machine", "M").stream()
                .map(value -> Properties.of(value).first())
                .filter(value -> !value.contains("="))
                .reduce((before, last) -> last)
                .orElse(machine == null ? "default machine" : machine);
        return "QEMU " + capabilities.version().text() + ", " + first + ", " + accelerator + ", amd-iommu";
    }
}
