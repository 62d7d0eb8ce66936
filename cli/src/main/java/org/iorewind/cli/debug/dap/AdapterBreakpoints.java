package org.iorewind.cli.debug.dap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.lsp4j.debug.DataBreakpoint;
import org.eclipse.lsp4j.debug.DataBreakpointAccessType;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.iorewind.cli.debug.session.Breakpoint;
import org.iorewind.cli.debug.session.Breakpoint.Kind;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.EventKinds;
import org.iorewind.cli.debug.session.ReadWatch;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.MomentTest;

/** What an editor wants to stop at: each of its requests replaces what the one before of its kind set. Not thread-safe. */
final class AdapterBreakpoints {
    private static final String DATA = "data";
    private static final String EXCEPTIONS = "exceptions";

    private final DebugSession session;
    private final EventPages pages;
    private final Map<String, List<Integer>> owned = new HashMap<>();
    private final List<Integer> exceptions = new ArrayList<>();

    AdapterBreakpoints(DebugSession session, EventPages pages) {
        this.session = session;
        this.pages = pages;
    }

    /** Lines of a page, each with or without a condition. */
    org.eclipse.lsp4j.debug.Breakpoint[] set(Source source, SourceBreakpoint[] lines) {
        int reference = EventPages.reference(source);
        // An editor may show the page of an earlier session too, under another path and with breakpoints of its own.
        List<Integer> numbers = renew("source " + reference + " " + source.getPath());
        List<org.eclipse.lsp4j.debug.Breakpoint> made = new ArrayList<>();
        for (SourceBreakpoint line : lines) {
            long sequence = pages.sequence(reference, line.getLine());
            String condition =
                    Optional.ofNullable(line.getCondition()).orElse("").strip();
            org.eclipse.lsp4j.debug.Breakpoint answer;
            if (sequence < 0) {
                answer = refused("expected a line of the event list");
            } else {
                answer = add(numbers, Kind.BREAK, "event " + sequence, () -> at(sequence, condition));
                answer.setSource(pages.source(sequence));
                answer.setLine(line.getLine());
            }
            made.add(answer);
        }
        return made.toArray(org.eclipse.lsp4j.debug.Breakpoint[]::new);
    }

    private static MomentTest at(long sequence, String condition) {
        if (condition.isEmpty()) {
            return (event, playback, effects) -> event.sequence() == sequence;
        }
        StatePredicate predicate = StatePredicate.compile(condition);
        return (event, playback, effects) -> event.sequence() == sequence && predicate.holds(event, playback, effects);
    }

    /** Predicates, under the name of functions: an editor has no other field for them. */
    org.eclipse.lsp4j.debug.Breakpoint[] setPredicates(List<String> expressions) {
        List<Integer> numbers = renew("predicates");
        List<org.eclipse.lsp4j.debug.Breakpoint> made = new ArrayList<>();
        for (String expression : expressions) {
            made.add(add(numbers, Kind.BREAK, expression, () -> StatePredicate.compile(expression)));
        }
        return made.toArray(org.eclipse.lsp4j.debug.Breakpoint[]::new);
    }

    /** Places. */
    org.eclipse.lsp4j.debug.Breakpoint[] set(DataBreakpoint[] places) {
        List<Integer> numbers = renew(DATA);
        List<org.eclipse.lsp4j.debug.Breakpoint> made = new ArrayList<>();
        for (DataBreakpoint place : places) {
            String id = place.getDataId();
            DataBreakpointAccessType access = place.getAccessType();
            boolean isRead = access == DataBreakpointAccessType.READ || access == DataBreakpointAccessType.READ_WRITE;
            org.eclipse.lsp4j.debug.Breakpoint answer = null;
            if (access != DataBreakpointAccessType.READ) {
                answer = add(numbers, Kind.WATCH, id, () -> Watch.parse(id));
            }
            if (isRead) {
                answer = add(
                        numbers,
                        Kind.RWATCH,
                        id,
                        () -> ReadWatch.parse(id, session.cursor().playback(), session.reads()));
            }
            made.add(answer == null ? refused("expected a way of access") : answer);
        }
        return made.toArray(org.eclipse.lsp4j.debug.Breakpoint[]::new);
    }

    /** Refused requests and divergences. */
    org.eclipse.lsp4j.debug.Breakpoint[] setExceptions(String[] filters) {
        List<Integer> numbers = renew(EXCEPTIONS);
        exceptions.clear();
        List<org.eclipse.lsp4j.debug.Breakpoint> made = new ArrayList<>();
        for (String filter : filters) {
            made.add(add(numbers, Kind.BREAK, filter, () -> EventKinds.test(filter)));
        }
        exceptions.addAll(numbers);
        return made.toArray(org.eclipse.lsp4j.debug.Breakpoint[]::new);
    }

    /** Whether a breakpoint was set by {@link #setExceptions}. */
    boolean isException(Breakpoint breakpoint) {
        return exceptions.contains(breakpoint.number());
    }

    private List<Integer> renew(String owner) {
        List<Integer> before = owned.getOrDefault(owner, List.of());
        before.forEach(number -> session.breakpoints().remove(number));
        List<Integer> numbers = new ArrayList<>();
        owned.put(owner, numbers);
        return numbers;
    }

    private interface Maker {
        MomentTest make();
    }

    private org.eclipse.lsp4j.debug.Breakpoint add(List<Integer> numbers, Kind kind, String what, Maker maker) {
        try {
            MomentTest test = maker.make();
            Breakpoint made = session.breakpoints().add(number -> new Breakpoint(number, kind, what, test));
            numbers.add(made.number());
            org.eclipse.lsp4j.debug.Breakpoint answer = new org.eclipse.lsp4j.debug.Breakpoint();
            answer.setId(made.number());
            answer.setVerified(true);
            return answer;
        } catch (FilterException | DebugException | IllegalArgumentException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private static org.eclipse.lsp4j.debug.Breakpoint refused(String message) {
        org.eclipse.lsp4j.debug.Breakpoint answer = new org.eclipse.lsp4j.debug.Breakpoint();
        answer.setVerified(false);
        answer.setMessage(message);
        return answer;
    }
}
