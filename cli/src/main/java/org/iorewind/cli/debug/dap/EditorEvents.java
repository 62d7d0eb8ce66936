package org.iorewind.cli.debug.dap;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.debug.ContinuedEventArguments;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.OutputEventArgumentsCategory;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.TerminatedEventArguments;
import org.eclipse.lsp4j.debug.Thread;
import org.eclipse.lsp4j.debug.ThreadEventArguments;
import org.eclipse.lsp4j.debug.ThreadEventArgumentsReason;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.jspecify.annotations.Nullable;

/** What an editor hears without having asked. The worker's thread, except for {@link #threads}. */
final class EditorEvents {
    private volatile @Nullable IDebugProtocolClient client;
    private volatile Thread[] threads = new Thread[0];

    EditorEvents() {}

    /** Who hears of events. */
    void connect(IDebugProtocolClient editor) {
        client = editor;
    }

    private IDebugProtocolClient editor() {
        return Objects.requireNonNull(client);
    }

    /** Those of the last stop. Any thread. */
    Thread[] threads() {
        return threads.clone();
    }

    void initialized() {
        editor().initialized();
    }

    void terminated() {
        editor().terminated(new TerminatedEventArguments());
    }

    /** Something that a person should see. */
    void message(String text) {
        OutputEventArguments message = new OutputEventArguments();
        message.setCategory(OutputEventArgumentsCategory.IMPORTANT);
        message.setOutput(text + "\n");
        editor().output(message);
    }

    /** A stop behind a motion that no request asked for: an editor that has not heard of the motion misunderstands the stop. */
    void moved(int from, StoppedEventArguments stopped, Thread[] now) {
        ContinuedEventArguments continued = new ContinuedEventArguments();
        continued.setThreadId(from);
        continued.setAllThreadsContinued(true);
        editor().continued(continued);
        stopped(stopped, now);
    }

    /** A stop, and before it which threads have come and gone: some editors ask for the list only when they hear of that. */
    void stopped(StoppedEventArguments stopped, Thread[] now) {
        Set<Integer> before = ids(threads);
        Set<Integer> after = ids(now);
        threads = now.clone();
        before.stream().filter(id -> !after.contains(id)).forEach(id -> thread(id, ThreadEventArgumentsReason.EXITED));
        after.stream().filter(id -> !before.contains(id)).forEach(id -> thread(id, ThreadEventArgumentsReason.STARTED));
        editor().stopped(stopped);
    }

    private static Set<Integer> ids(Thread[] threads) {
        return Arrays.stream(threads).map(Thread::getId).collect(Collectors.toSet());
    }

    private void thread(int id, String reason) {
        ThreadEventArguments change = new ThreadEventArguments();
        change.setThreadId(id);
        change.setReason(reason);
        editor().thread(change);
    }
}
