package org.iorewind.cli.debug.dap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinuedEventArguments;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.ReverseContinueArguments;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.ThreadEventArguments;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.launch.DSPLauncher;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.eclipse.lsp4j.jsonrpc.Launcher;

/** An editor, as far as a test needs one. */
final class TestEditor implements IDebugProtocolClient {
    private static final long LONGEST_S = 120;

    private final BlockingQueue<StoppedEventArguments> stops = new LinkedBlockingQueue<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> isInitialized = new CompletableFuture<>();
    private final IDebugProtocolServer server;

    TestEditor(InputStream in, OutputStream out) {
        Launcher<IDebugProtocolServer> launcher = DSPLauncher.createClientLauncher(this, in, out);
        Future<Void> unused = launcher.startListening();
        server = launcher.getRemoteProxy();
    }

    @Override
    public void initialized() {
        isInitialized.complete(null);
    }

    @Override
    public void stopped(StoppedEventArguments stopped) {
        heard.add("stopped " + stopped.getThreadId());
        stops.add(stopped);
    }

    @Override
    public void continued(ContinuedEventArguments continued) {
        heard.add("continued " + continued.getThreadId());
    }

    @Override
    public void thread(ThreadEventArguments change) {
        heard.add(change.getReason() + " " + change.getThreadId());
    }

    @Override
    public void output(OutputEventArguments output) {
        heard.add(output.getCategory() + " " + output.getOutput());
    }

    /** The events since the last call, a word or two each. */
    List<String> heard() {
        List<String> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    IDebugProtocolServer server() {
        return server;
    }

    static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(LONGEST_S, TimeUnit.SECONDS);
    }

    /** As an editor begins: stands at the start, with these filters of exceptions. */
    Capabilities begin(Map<String, Object> launch, String... filters) throws Exception {
        InitializeRequestArguments arguments = new InitializeRequestArguments();
        arguments.setAdapterID("iorewind");
        Capabilities capabilities = get(server.initialize(arguments));
        get(server.launch(launch));
        get(isInitialized);
        SetExceptionBreakpointsArguments exceptions = new SetExceptionBreakpointsArguments();
        exceptions.setFilters(filters);
        assertThat(get(server.setExceptionBreakpoints(exceptions)).getBreakpoints())
                .allMatch(each -> each.isVerified());
        get(server.configurationDone(new ConfigurationDoneArguments()));
        assertThat(stop().getReason()).isEqualTo("entry");
        return capabilities;
    }

    /** The next stop. */
    StoppedEventArguments stop() throws InterruptedException {
        StoppedEventArguments stopped = stops.poll(LONGEST_S, TimeUnit.SECONDS);
        assertThat(stopped).as("a stop").isNotNull();
        return stopped;
    }

    /** Runs on, to the next stop. */
    StoppedEventArguments run() throws Exception {
        get(server.continue_(new ContinueArguments()));
        return stop();
    }

    /** Runs back, to the next stop. */
    StoppedEventArguments runBack() throws Exception {
        get(server.reverseContinue(new ReverseContinueArguments()));
        return stop();
    }

    String evaluate(String expression, String context) throws Exception {
        EvaluateArguments arguments = new EvaluateArguments();
        arguments.setExpression(expression);
        arguments.setContext(context);
        return get(server.evaluate(arguments)).getResult();
    }

    StackFrame[] frames(int thread) throws Exception {
        StackTraceArguments arguments = new StackTraceArguments();
        arguments.setThreadId(thread);
        return get(server.stackTrace(arguments)).getStackFrames();
    }

    /** Scopes of a frame by name, as references of variables. */
    Map<String, Integer> scopes(int frame) throws Exception {
        ScopesArguments arguments = new ScopesArguments();
        arguments.setFrameId(frame);
        return Arrays.stream(get(server.scopes(arguments)).getScopes())
                .collect(Collectors.toMap(Scope::getName, Scope::getVariablesReference));
    }

    /** Variables below a reference, by name. */
    Map<String, Variable> variables(int reference) throws Exception {
        VariablesArguments arguments = new VariablesArguments();
        arguments.setVariablesReference(reference);
        return List.of(get(server.variables(arguments)).getVariables()).stream()
                .collect(Collectors.toMap(Variable::getName, Function.identity()));
    }
}
