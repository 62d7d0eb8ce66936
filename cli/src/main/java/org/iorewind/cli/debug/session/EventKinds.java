package org.iorewind.cli.debug.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.iorewind.replay.Playback;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/** What one can go to the next of, by short names. */
public final class EventKinds {
    private static final Map<String, MomentTest> SHORT = shortNames();

    private EventKinds() {}

    private static Map<String, MomentTest> shortNames() {
        Map<String, MomentTest> names = new LinkedHashMap<>();
        names.put("input", (event, playback, effects) -> isInput(event.kind()));
        names.put("command", (event, playback, effects) -> effects.commands() + effects.guestCommands() > 0);
        names.put("invalidation", (event, playback, effects) -> effects.invalidations() > 0);
        names.put("log", (event, playback, effects) -> effects.logEntries() + effects.logEntriesLost() > 0);
        names.put("completion", (event, playback, effects) -> effects.completionStores() > 0);
        names.put("dma", of(EventKind.DMA_REQUEST));
        names.put("ats", of(EventKind.ATS_REQUEST));
        names.put("interrupt", of(EventKind.INTERRUPT_REQUEST));
        names.put("page-request", of(EventKind.PAGE_REQUEST));
        names.put("memory", of(EventKind.MEMORY_WRITE));
        names.put("mmio", of(EventKind.MMIO_WRITE, EventKind.MMIO_READ));
        names.put("translation", of(EventKind.TRANSLATION));
        names.put("call", of(EventKind.DRIVER_CALL));
        names.put("phase", of(EventKind.PHASE));
        names.put("console", of(EventKind.CONSOLE_LINE));
        names.put("mark", of(EventKind.MARK));
        names.put("gap", of(EventKind.GAP));
        return names;
    }

    private static MomentTest of(EventKind... kinds) {
        List<EventKind> wanted = List.of(kinds);
        return (event, playback, effects) -> wanted.contains(event.kind());
    }

    private static boolean isInput(@Nullable EventKind kind) {
        return kind != null && kind.eventClass() == EventClass.INPUT;
    }

    /** All names that {@link #test} knows, kinds of events by their labels included. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(List.of("fault", "divergence"));
        names.addAll(SHORT.keySet());
        Arrays.stream(EventKind.values()).map(EventKind::label).forEach(names::add);
        return names;
    }

    /**
     * A test for a name.
     *
     * @throws DebugException if there is none of that name
     */
    public static MomentTest test(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        if (wanted.equals("fault")) {
            return new Growing(true);
        }
        if (wanted.equals("divergence")) {
            return new Growing(false);
        }
        MomentTest found = SHORT.get(wanted);
        return found != null ? found : of(kind(name));
    }

    /**
     * A kind of event by its label, in any letters; {@code dma} for short.
     *
     * @throws DebugException if there is none
     */
    public static EventKind kind(String name) {
        for (EventKind kind : EventKind.values()) {
            if (kind.label().equalsIgnoreCase(name)) {
                return kind;
            }
        }
        throw new DebugException("expected one of fault, divergence, " + String.join(", ", SHORT.keySet()) + ", "
                + Arrays.stream(EventKind.values()).map(EventKind::label).collect(Collectors.joining(", "))
                + "; found: " + name);
    }

    /** Holds where a count of the replay grows. */
    private static final class Growing implements MomentTest {
        private final boolean isOfFaults;
        private long last;

        Growing(boolean isOfFaults) {
            this.isOfFaults = isOfFaults;
        }

        private long count(Playback playback) {
            return isOfFaults ? playback.faults() : playback.divergences();
        }

        @Override
        public void begin(Playback playback) {
            last = count(playback);
        }

        @Override
        public boolean holds(EventView event, Playback playback, Effects effects) {
            long now = count(playback);
            boolean hasGrown = now > last;
            last = now;
            return hasGrown;
        }
    }
}
