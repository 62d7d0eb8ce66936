package org.iorewind.cli.debug.dap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinueResponse;
import org.eclipse.lsp4j.debug.DataBreakpointAccessType;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.DataBreakpointInfoResponse;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.eclipse.lsp4j.debug.ExceptionInfoArguments;
import org.eclipse.lsp4j.debug.ExceptionInfoResponse;
import org.eclipse.lsp4j.debug.FunctionBreakpoint;
import org.eclipse.lsp4j.debug.GotoArguments;
import org.eclipse.lsp4j.debug.GotoTarget;
import org.eclipse.lsp4j.debug.GotoTargetsArguments;
import org.eclipse.lsp4j.debug.GotoTargetsResponse;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.PauseArguments;
import org.eclipse.lsp4j.debug.ReadMemoryArguments;
import org.eclipse.lsp4j.debug.ReadMemoryResponse;
import org.eclipse.lsp4j.debug.ReverseContinueArguments;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.ScopesResponse;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetDataBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetDataBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsResponse;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceArguments;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.eclipse.lsp4j.debug.SourceResponse;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StackTraceResponse;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.debug.StepInArguments;
import org.eclipse.lsp4j.debug.StepOutArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.StoppedEventArgumentsReason;
import org.eclipse.lsp4j.debug.TerminateArguments;
import org.eclipse.lsp4j.debug.ThreadsResponse;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.VariablesResponse;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of the protocol. Each is answered by one worker thread, in order; {@code pause} and {@code threads}, which an
 * editor may send while the session runs, at once.
 */
final class DebugAdapter implements IDebugProtocolServer, AutoCloseable {
    private final TraceOpener opener;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "debug adapter");
        thread.setDaemon(true);
        return thread;
    });
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final EditorEvents events = new EditorEvents();
    private volatile @Nullable AdapterSession session;
    private volatile int firstLine = 1;
    private volatile String place;

    /**
     * An adapter without a trace.
     *
     * @param place where to begin if the editor does not say
     */
    DebugAdapter(TraceOpener opener, String place) {
        this.opener = opener;
        this.place = place;
    }

    /** Who hears of events. */
    void connect(IDebugProtocolClient editor) {
        events.connect(editor);
    }

    /** Done when the editor has gone. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Answers on the worker's thread; what cannot be done is answered with its message. */
    private <T> CompletableFuture<T> answer(Function<AdapterSession, T> work) {
        return Answers.on(worker, () -> work.apply(launched()));
    }

    private AdapterSession launched() {
        AdapterSession opened = session;
        if (opened == null) {
            throw Answers.refused("expected a launch request with a trace before this one");
        }
        return opened;
    }

    /** Answers first, and then moves and tells where it stopped. */
    private <T> CompletableFuture<T> move(String command, String reason, Supplier<T> response) {
        Supplier<T> work = () -> {
            launched();
            return response.get();
        };
        return Answers.then(worker, work, () -> {
            AdapterSession opened = launched();
            StoppedEventArguments stopped;
            try {
                stopped = opened.move(command, reason);
            } catch (DebugException | TraceFormatException e) {
                events.message(String.valueOf(e.getMessage()));
                stopped = opened.recovered(String.valueOf(e.getMessage()));
            }
            events.stopped(stopped, opened.stack().threads());
        });
    }

    @Override
    public CompletableFuture<Capabilities> initialize(InitializeRequestArguments arguments) {
        firstLine = Boolean.FALSE.equals(arguments.getLinesStartAt1()) ? 0 : 1;
        return CompletableFuture.completedFuture(AdapterCapabilities.all());
    }

    @Override
    public CompletableFuture<Void> launch(Map<String, Object> arguments) {
        return Answers.then(
                worker,
                () -> {
                    if (session != null) {
                        throw Answers.refused("expected one launch request, found another");
                    }
                    TraceOpener.Opened opened = opener.open(text(arguments, "trace"), text(arguments, "profile"));
                    session = new AdapterSession(opened, firstLine);
                    String at = text(arguments, "at");
                    place = at.isEmpty() ? place : at;
                    return null;
                },
                events::initialized);
    }

    private static String text(Map<String, Object> arguments, String name) {
        Object value = arguments.get(name);
        return value == null ? "" : value.toString();
    }

    @Override
    public CompletableFuture<Void> attach(Map<String, Object> arguments) {
        return launch(arguments);
    }

    @Override
    public CompletableFuture<Void> configurationDone(ConfigurationDoneArguments arguments) {
        return move("seek " + place, StoppedEventArgumentsReason.ENTRY, () -> null);
    }

    @Override
    public CompletableFuture<SetBreakpointsResponse> setBreakpoints(SetBreakpointsArguments arguments) {
        return answer(opened -> {
            SourceBreakpoint[] lines =
                    Optional.ofNullable(arguments.getBreakpoints()).orElse(new SourceBreakpoint[0]);
            SetBreakpointsResponse response = new SetBreakpointsResponse();
            response.setBreakpoints(opened.breakpoints().set(arguments.getSource(), lines));
            return response;
        });
    }

    @Override
    public CompletableFuture<SetFunctionBreakpointsResponse> setFunctionBreakpoints(
            SetFunctionBreakpointsArguments arguments) {
        return answer(opened -> {
            List<String> names = Arrays.stream(arguments.getBreakpoints())
                    .map(FunctionBreakpoint::getName)
                    .toList();
            SetFunctionBreakpointsResponse response = new SetFunctionBreakpointsResponse();
            response.setBreakpoints(opened.breakpoints().setPredicates(names));
            return response;
        });
    }

    @Override
    public CompletableFuture<SetExceptionBreakpointsResponse> setExceptionBreakpoints(
            SetExceptionBreakpointsArguments arguments) {
        return answer(opened -> {
            SetExceptionBreakpointsResponse response = new SetExceptionBreakpointsResponse();
            response.setBreakpoints(opened.breakpoints().setExceptions(arguments.getFilters()));
            return response;
        });
    }

    @Override
    public CompletableFuture<DataBreakpointInfoResponse> dataBreakpointInfo(DataBreakpointInfoArguments arguments) {
        return answer(opened -> {
            int reference =
                    Optional.ofNullable(arguments.getVariablesReference()).orElse(0);
            String place = opened.place(reference, arguments.getName());
            DataBreakpointInfoResponse response = new DataBreakpointInfoResponse();
            response.setDataId(place.isEmpty() ? null : place);
            response.setDescription(place.isEmpty() ? arguments.getName() + " is no place to be watched" : place);
            response.setAccessTypes(DataBreakpointAccessType.values());
            response.setCanPersist(true);
            return response;
        });
    }

    @Override
    public CompletableFuture<SetDataBreakpointsResponse> setDataBreakpoints(SetDataBreakpointsArguments arguments) {
        return answer(opened -> {
            SetDataBreakpointsResponse response = new SetDataBreakpointsResponse();
            response.setBreakpoints(opened.breakpoints().set(arguments.getBreakpoints()));
            return response;
        });
    }

    @Override
    public CompletableFuture<ContinueResponse> continue_(ContinueArguments arguments) {
        return move("continue", StoppedEventArgumentsReason.PAUSE, () -> {
            ContinueResponse response = new ContinueResponse();
            response.setAllThreadsContinued(true);
            return response;
        });
    }

    @Override
    public CompletableFuture<Void> reverseContinue(ReverseContinueArguments arguments) {
        return move("reverse-continue", StoppedEventArgumentsReason.PAUSE, () -> null);
    }

    @Override
    public CompletableFuture<Void> next(NextArguments arguments) {
        return move("step", StoppedEventArgumentsReason.STEP, () -> null);
    }

    @Override
    public CompletableFuture<Void> stepIn(StepInArguments arguments) {
        return move("step", StoppedEventArgumentsReason.STEP, () -> null);
    }

    @Override
    public CompletableFuture<Void> stepOut(StepOutArguments arguments) {
        return move("next input", StoppedEventArgumentsReason.STEP, () -> null);
    }

    @Override
    public CompletableFuture<Void> stepBack(StepBackArguments arguments) {
        return move("reverse-step", StoppedEventArgumentsReason.STEP, () -> null);
    }

    @Override
    public CompletableFuture<Void> goto_(GotoArguments arguments) {
        return answer(opened -> opened.target(arguments.getTargetId()))
                .thenCompose(sequence -> move("seek " + sequence, StoppedEventArgumentsReason.GOTO, () -> null));
    }

    @Override
    public CompletableFuture<GotoTargetsResponse> gotoTargets(GotoTargetsArguments arguments) {
        return answer(opened -> {
            long sequence = opened.pages().sequence(EventPages.reference(arguments.getSource()), arguments.getLine());
            GotoTarget target = new GotoTarget();
            target.setId(opened.addTarget(sequence));
            target.setLabel("event " + sequence);
            target.setLine(arguments.getLine());
            GotoTargetsResponse response = new GotoTargetsResponse();
            response.setTargets(sequence < 0 ? new GotoTarget[0] : new GotoTarget[] {target});
            return response;
        });
    }

    /** Reaches the motion that is under way; its end is told by the stop that follows. */
    @Override
    public CompletableFuture<Void> pause(PauseArguments arguments) {
        interrupt();
        return CompletableFuture.completedFuture(null);
    }

    private void interrupt() {
        AdapterSession opened = session;
        if (opened != null) {
            opened.interrupt();
        }
    }

    /** Those of the last stop: while a session runs, nobody can look at it. */
    @Override
    public CompletableFuture<ThreadsResponse> threads() {
        ThreadsResponse response = new ThreadsResponse();
        response.setThreads(events.threads());
        return CompletableFuture.completedFuture(response);
    }

    @Override
    public CompletableFuture<StackTraceResponse> stackTrace(StackTraceArguments arguments) {
        return answer(opened -> {
            StackFrame[] all = opened.stack().frames(arguments.getThreadId());
            int from = Math.min(
                    all.length, Optional.ofNullable(arguments.getStartFrame()).orElse(0));
            int levels = Optional.ofNullable(arguments.getLevels()).orElse(0);
            int to = levels <= 0 ? all.length : Math.min(all.length, from + levels);
            StackTraceResponse response = new StackTraceResponse();
            response.setStackFrames(Arrays.copyOfRange(all, from, to));
            response.setTotalFrames(all.length);
            return response;
        });
    }

    @Override
    public CompletableFuture<ScopesResponse> scopes(ScopesArguments arguments) {
        return answer(opened -> {
            ScopesResponse response = new ScopesResponse();
            response.setScopes(opened.stack().scopes(arguments.getFrameId()));
            return response;
        });
    }

    @Override
    public CompletableFuture<VariablesResponse> variables(VariablesArguments arguments) {
        return answer(opened -> {
            VariablesResponse response = new VariablesResponse();
            response.setVariables(opened.variables().variables(arguments.getVariablesReference()));
            return response;
        });
    }

    @Override
    public CompletableFuture<SourceResponse> source(SourceArguments arguments) {
        return answer(opened -> {
            Source source = arguments.getSource();
            int named = source == null ? 0 : EventPages.reference(source);
            int reference = arguments.getSourceReference() > 0 ? arguments.getSourceReference() : named;
            SourceResponse response = new SourceResponse();
            response.setContent(opened.pages().text(reference));
            return response;
        });
    }

    /** The console's verbs may move, which no request asked for: it is told after the answer. */
    @Override
    public CompletableFuture<EvaluateResponse> evaluate(EvaluateArguments arguments) {
        AtomicReference<@Nullable Runnable> news = new AtomicReference<>();
        Supplier<EvaluateResponse> work = () -> {
            AdapterSession opened = launched();
            long before = opened.sequence();
            int thread = opened.stack().thread();
            String context = Optional.ofNullable(arguments.getContext()).orElse("");
            try {
                return opened.evaluate(arguments.getExpression(), context);
            } catch (TraceFormatException e) {
                opened.recovered(String.valueOf(e.getMessage()));
                throw e;
            } finally {
                StoppedEventArguments moved = opened.movedFrom(before);
                if (moved != null) {
                    news.set(() -> events.moved(thread, moved, opened.stack().threads()));
                }
            }
        };
        Runnable telling = () -> Optional.ofNullable(news.get()).ifPresent(Runnable::run);
        return Answers.then(worker, work, telling, telling);
    }

    /** Why it stopped at a request that was refused, a divergence or damage. */
    @Override
    public CompletableFuture<ExceptionInfoResponse> exceptionInfo(ExceptionInfoArguments arguments) {
        return answer(AdapterSession::exception);
    }

    @Override
    public CompletableFuture<ReadMemoryResponse> readMemory(ReadMemoryArguments arguments) {
        return answer(opened -> opened.memory(
                arguments.getMemoryReference(),
                Optional.ofNullable(arguments.getOffset()).orElse(0),
                arguments.getCount()));
    }

    @Override
    public CompletableFuture<Void> terminate(TerminateArguments arguments) {
        interrupt();
        return Answers.then(worker, () -> null, events::terminated);
    }

    @Override
    public CompletableFuture<Void> disconnect(DisconnectArguments arguments) {
        interrupt();
        return Answers.then(worker, () -> null, () -> ended.complete(null));
    }

    /** Ends what is under way, and closes the trace. */
    @Override
    public void close() {
        interrupt();
        AdapterSession opened = session;
        if (opened != null) {
            Answers.on(worker, () -> {
                        opened.close();
                        return true;
                    })
                    .join();
        }
        worker.shutdown();
    }
}
