package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.EventKinds;
import org.iorewind.replay.RegisterNames;

/** What a line that was begun may go on with. */
public final class Completions {
    private static final List<String> PLACES = List.of("register", "dte", "pte", "irte", "iotlb", "mem");
    private static final List<String> WHEN =
            Stream.concat(PLACES.stream(), Stream.of("read")).toList();
    private static final List<String> SEEK = List.of("start", "end", "time", "mark", "fault");

    private final Verbs verbs;

    /** Completes these. */
    public Completions(Verbs verbs) {
        this.verbs = verbs;
    }

    /**
     * The words that the last word of a line may become.
     *
     * @param line up to the cursor
     */
    public List<String> of(String line) {
        String text = line.stripLeading();
        int lastSpace = text.lastIndexOf(' ');
        String begun = text.substring(lastSpace + 1);
        if (lastSpace < 0) {
            return beginning(verbs.names(), begun);
        }
        String before = text.substring(0, lastSpace).strip();
        String verb = verb(before);
        boolean isSecond = !before.contains(" ");
        if (before.endsWith(" register")) {
            return beginning(RegisterNames.all(), begun);
        }
        return switch (verb) {
            case "help" -> beginning(verbs.names(), begun);
            case "info" -> isSecond ? beginning(StateVerbs.topics(), begun) : List.of();
            case "next", "reverse-next" -> isSecond ? beginning(EventKinds.names(), begun) : List.of();
            case "seek" -> isSecond ? beginning(SEEK, begun) : List.of();
            case "watch", "rwatch", "last" -> isSecond ? beginning(PLACES, begun) : List.of();
            case "when" -> isSecond ? beginning(WHEN, begun) : beginning(PLACES, begun);
            case "who" -> isSecond ? beginning(List.of("wrote", "reads"), begun) : beginning(PLACES, begun);
            default -> List.of();
        };
    }

    private String verb(String before) {
        try {
            return verbs.name(Verbs.verb(before));
        } catch (DebugException e) {
            return "";
        }
    }

    private static List<String> beginning(Collection<String> words, String begun) {
        List<String> found = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith(begun)) {
                found.add(word);
            }
        }
        return found;
    }
}
