package org.iorewind.cli.debug.dap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.debug.EvaluateArgumentsContext;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.eclipse.lsp4j.debug.ExceptionBreakMode;
import org.eclipse.lsp4j.debug.ExceptionInfoResponse;
import org.eclipse.lsp4j.debug.ReadMemoryResponse;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.StoppedEventArgumentsReason;
import org.eclipse.lsp4j.debug.Variable;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.Breakpoint;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.WordList;
import org.iorewind.cli.debug.verb.Values;
import org.iorewind.cli.debug.verb.Verbs;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.replay.predicate.StateExpression;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.Stop;
import org.jspecify.annotations.Nullable;

/** A trace that an editor debugs. One thread, except for {@link #interrupt}. */
final class AdapterSession implements AutoCloseable {
    private static final int MOST_BYTES = 1 << 16;

    private final TraceOpener.Opened opened;
    private final DebugSession session;
    private final EventPages pages;
    private final VariableTrees variables = new VariableTrees();
    private final AdapterBreakpoints breakpoints;
    private final Verbs verbs = new Verbs();
    private final List<Long> targets = new ArrayList<>();
    private @Nullable Stack stack;
    private String failure = "";

    /**
     * Takes over an open trace and its checkpoints.
     *
     * @param firstLine number of the first line: 0 or 1
     */
    AdapterSession(TraceOpener.Opened opened, int firstLine) {
        this.opened = opened;
        session = DebugSession.open(opened.reader(), opened.store(), opened.answers(), opened.options());
        pages = new EventPages(opened.reader(), firstLine);
        breakpoints = new AdapterBreakpoints(session, pages);
    }

    EventPages pages() {
        return pages;
    }

    VariableTrees variables() {
        return variables;
    }

    AdapterBreakpoints breakpoints() {
        return breakpoints;
    }

    /** Where it stands. */
    Stack stack() {
        Stack found = stack;
        if (found == null) {
            found = new Stack(session, pages, variables);
            stack = found;
        }
        return found;
    }

    void interrupt() {
        session.interrupt();
    }

    /** A number for an event that an editor may go to. */
    int addTarget(long sequence) {
        targets.add(sequence);
        return targets.size();
    }

    /**
     * The event of such a number.
     *
     * @throws DebugException if there is none
     */
    long target(int id) {
        if (id < 1 || id > targets.size()) {
            throw new DebugException("expected a target that was given before, found: " + id);
        }
        return targets.get(id - 1);
    }

    private void forget() {
        stack = null;
        failure = "";
        targets.clear();
        variables.clear();
    }

    /** Does a command of the terminal debugger that moves, and says where it stopped. */
    StoppedEventArguments move(String command, String reason) {
        Answer answer = verbs.run(session, command);
        forget();
        return stopped(String.valueOf(answer.fields().get("stop")), reason);
    }

    /** Where it stands after work that failed with this message: where the trace can be read. */
    StoppedEventArguments recovered(String message) {
        session.recover();
        forget();
        failure = message;
        return stopped(Stop.REACHED.name(), StoppedEventArgumentsReason.EXCEPTION);
    }

    /** Why it stands where it does, if that is a refused request, a divergence or a failure. */
    ExceptionInfoResponse exception() {
        ExceptionInfoResponse response = new ExceptionInfoResponse();
        response.setBreakMode(ExceptionBreakMode.ALWAYS);
        String what = session.breakpoints().hits().stream()
                .filter(breakpoints::isException)
                .map(Breakpoint::what)
                .collect(Collectors.joining(", "));
        response.setExceptionId(failure.isEmpty() ? what : "failure");
        response.setDescription(failure.isEmpty() ? stack().summary() : failure);
        return response;
    }

    private StoppedEventArguments stopped(String stop, String reason) {
        StoppedEventArguments stopped = new StoppedEventArguments();
        List<Breakpoint> hits = failure.isEmpty() ? session.breakpoints().hits() : List.of();
        stopped.setReason(hits.isEmpty() ? reason : reason(hits));
        if (!hits.isEmpty()) {
            stopped.setHitBreakpointIds(hits.stream().map(Breakpoint::number).toArray(Integer[]::new));
            Breakpoint first = hits.get(0);
            String change = first.before().isEmpty() ? "" : ": " + first.before() + " -> " + first.after();
            stopped.setDescription(first.what() + change);
        }
        switch (Stop.valueOf(stop.toUpperCase(Locale.ROOT))) {
            case END -> stopped.setDescription("the last event");
            case START -> stopped.setDescription("before the first event");
            case INTERRUPTED -> stopped.setReason(StoppedEventArgumentsReason.PAUSE);
            case REACHED -> {}
        }
        if (stopped.getReason().equals(StoppedEventArgumentsReason.EXCEPTION)) {
            ExceptionInfoResponse exception = exception();
            stopped.setText(exception.getExceptionId());
            stopped.setDescription(exception.getDescription());
        }
        stopped.setThreadId(stack().thread());
        stopped.setAllThreadsStopped(true);
        return stopped;
    }

    private String reason(List<Breakpoint> hits) {
        if (hits.stream().anyMatch(breakpoints::isException)) {
            return StoppedEventArgumentsReason.EXCEPTION;
        }
        boolean isData = hits.stream().allMatch(hit -> hit.kind() != Breakpoint.Kind.BREAK);
        return isData ? StoppedEventArgumentsReason.DATA_BREAKPOINT : StoppedEventArgumentsReason.BREAKPOINT;
    }

    /**
     * Evaluates an expression, or, in the debug console, does a command of the terminal debugger.
     *
     * @throws DebugException if it cannot
     */
    EvaluateResponse evaluate(String expression, String context) {
        EvaluateResponse response = new EvaluateResponse();
        if (context.equals(EvaluateArgumentsContext.REPL) && isCommand(expression)) {
            Answer answer = verbs.run(session, expression);
            response.setResult(String.join("\n", answer.lines()));
            return response;
        }
        try {
            Object value = StateExpression.compile(expression)
                    .value(
                            session.event(),
                            session.cursor().playback(),
                            session.cursor().effects());
            Variable variable = variables.variable("", Values.plain(value));
            response.setResult(variable.getValue());
            response.setVariablesReference(variable.getVariablesReference());
            return response;
        } catch (IllegalArgumentException | FilterException e) {
            throw new DebugException(String.valueOf(e.getMessage()));
        }
    }

    private boolean isCommand(String line) {
        try {
            verbs.name(Verbs.verb(line.strip()));
            return true;
        } catch (DebugException e) {
            return false;
        }
    }

    /** Where it stands, if it has moved since then. */
    @Nullable
    StoppedEventArguments movedFrom(long sequence) {
        if (session.sequence() == sequence) {
            return null;
        }
        forget();
        return stopped(Stop.REACHED.name(), StoppedEventArgumentsReason.GOTO);
    }

    long sequence() {
        return session.sequence();
    }

    /** The place that a variable or a text names, to be watched; empty if it names none. */
    String place(int reference, String name) {
        String place = reference > 0 ? variables.place(reference, name) : name;
        try {
            return place.isEmpty() ? "" : Watch.parse(place).toString();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Bytes of memory from an address on, up to the first that the recording does not know. */
    ReadMemoryResponse memory(String reference, int offset, int count) {
        long address = WordList.number(reference) + offset;
        SparseMemory memory = session.machine().memory();
        byte[] bytes = new byte[Math.min(MOST_BYTES, Math.max(0, count))];
        int known = 0;
        while (known < bytes.length && memory.isRecorded(address + known & -Long.BYTES)) {
            long at = address + known;
            bytes[known++] = (byte) (memory.peek(at & -Long.BYTES) >>> (at & Long.BYTES - 1) * Byte.SIZE);
        }
        ReadMemoryResponse response = new ReadMemoryResponse();
        response.setAddress(Notation.hex(address));
        response.setData(Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, known)));
        response.setUnreadableBytes(Math.max(0, count) - known);
        return response;
    }

    @Override
    public void close() {
        session.close();
        opened.close();
    }
}
