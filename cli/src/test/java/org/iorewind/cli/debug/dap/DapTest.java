package org.iorewind.cli.debug.dap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.cli.debug.dap.TestEditor.get;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.DataBreakpoint;
import org.eclipse.lsp4j.debug.DataBreakpointAccessType;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.eclipse.lsp4j.debug.GotoArguments;
import org.eclipse.lsp4j.debug.GotoTargetsArguments;
import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.PauseArguments;
import org.eclipse.lsp4j.debug.ReadMemoryArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetDataBreakpointsArguments;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceArguments;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.Variable;
import org.iorewind.cli.ExitCode;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.StartState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An editor, which is another program's client library, debugs the sample of a page that is used after it was unmapped. */
class DapTest {
    private static final String PAGE = "pte 00:02.0 0x10000000";

    @TempDir
    private Path dir;

    private ServedTrace served;
    private TestEditor editor;

    @BeforeEach
    void start() throws Exception {
        served = new ServedTrace(dir);
        editor = served.editor();
    }

    @AfterEach
    void end() throws Exception {
        served.end();
    }

    /** A trace of so many events between start and end. */
    private Path longTrace(int events) {
        Path file = dir.resolve("long.iorw");
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            EventWriter writer = new EventWriter(archive);
            writer.sessionStart(new SessionInfo(
                    1, 2, Fidelity.FULL, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "test", "", "Nothing."));
            for (int i = 0; i < events; i++) {
                writer.mmioWrite(MmioSpace.HOST, 8, 0x20, (long) i << 12);
            }
            writer.sessionEnd(EndReason.CLEAN, "");
        }
        return file;
    }

    private StoppedEventArguments run() throws Exception {
        return editor.run();
    }

    private StoppedEventArguments runBack() throws Exception {
        return editor.runBack();
    }

    private int line(StoppedEventArguments stopped) throws Exception {
        return editor.frames(stopped.getThreadId())[0].getLine();
    }

    private String evaluate(String expression, String context) throws Exception {
        return editor.evaluate(expression, context);
    }

    @Test
    void aRefusedRequestIsAnException() throws Exception {
        assertThat(editor.begin(served.launch(), "fault").getSupportsStepBack()).isTrue();
        StoppedEventArguments stopped = run();
        assertThat(stopped.getReason()).isEqualTo("exception");
        StackFrame[] frames = editor.frames(stopped.getThreadId());
        assertThat(frames[0].getName()).contains("DmaRequest", "00:02.0", "0x10000000");
        assertThat(frames[1].getName()).startsWith("level 1 at").contains("not present");
        assertThat(frames[frames.length - 1].getName()).startsWith("DTE at");
        assertThat(get(editor.server().threads()).getThreads())
                .extracting(each -> each.getName())
                .contains("IOMMU")
                .anyMatch(name -> name.startsWith("00:02.0 in domain"));
        assertThat(evaluate("faults", "hover")).isEqualTo("1");
    }

    @Test
    void theStateIsShownAsVariables() throws Exception {
        editor.begin(served.launch(), "fault");
        StoppedEventArguments stopped = run();
        Map<String, Integer> scopes = editor.scopes(editor.frames(stopped.getThreadId())[0].getId());
        assertThat(scopes).containsKeys("Event", "Effects", "Device table entry", "Registers", "IOTLB", "Event log");
        assertThat(editor.variables(scopes.get("Event")).get("requester").getValue())
                .isEqualTo("00:02.0");
        Map<String, Variable> registers = editor.variables(scopes.get("Registers"));
        assertThat(evaluate(registers.get("EventLogTail").getEvaluateName(), "watch"))
                .as("one entry of 16 bytes")
                .isEqualTo("16 (0x10)");
        assertThat(registers.get("EventLogTail").getValue()).isEqualTo("0x10");
        Variable unread = editor.variables(scopes.get("Event log")).get("unread");
        Map<String, Variable> entries = editor.variables(unread.getVariablesReference());
        Variable entry = entries.values().iterator().next();
        assertThat(editor.variables(entry.getVariablesReference()).get("event").getValue())
                .isEqualTo("IO_PAGE_FAULT");
    }

    @Test
    void aStepBackUndoesAStep() throws Exception {
        editor.begin(served.launch(), "fault");
        int here = line(run());
        get(editor.server().next(new NextArguments()));
        assertThat(line(editor.stop())).isEqualTo(here + 1);
        get(editor.server().stepBack(new StepBackArguments()));
        assertThat(line(editor.stop())).isEqualTo(here);
    }

    @Test
    void bothEndsStopCleanly() throws Exception {
        editor.begin(served.launch());
        assertThat(runBack().getDescription()).isEqualTo("before the first event");
        assertThat(run().getDescription()).isEqualTo("the last event");
        assertThat(run().getDescription()).isEqualTo("the last event");
        assertThat(runBack().getDescription()).isEqualTo("before the first event");
    }

    @Test
    void theEventListIsASourceAndItsLinesAreBreakpoints() throws Exception {
        editor.begin(served.launch());
        SourceArguments page = new SourceArguments();
        page.setSourceReference(1);
        String[] text = get(editor.server().source(page)).getContent().split("\n", -1);
        int request = 0;
        while (!text[request].contains("DmaRequest")) {
            request++;
        }
        assertThat(text[request].strip()).startsWith(request + " ");
        SourceBreakpoint plain = new SourceBreakpoint();
        plain.setLine(request + 1);
        SourceBreakpoint never = new SourceBreakpoint();
        never.setLine(request);
        never.setCondition("faults > 100");
        SourceBreakpoint wrong = new SourceBreakpoint();
        wrong.setLine(request + 2);
        wrong.setCondition("faults >");
        Source source = new Source();
        source.setSourceReference(1);
        SetBreakpointsArguments arguments = new SetBreakpointsArguments();
        arguments.setSource(source);
        arguments.setBreakpoints(new SourceBreakpoint[] {never, plain, wrong});
        var answers = get(editor.server().setBreakpoints(arguments)).getBreakpoints();
        assertThat(answers).extracting(each -> each.isVerified()).containsExactly(true, true, false);
        assertThat(answers[2].getMessage()).contains("mismatched input");
        StoppedEventArguments stopped = run();
        assertThat(stopped.getReason()).isEqualTo("breakpoint");
        assertThat(stopped.getHitBreakpointIds()).containsExactly(answers[1].getId());
        assertThat(line(stopped)).isEqualTo(request + 1);
        arguments.setBreakpoints(new SourceBreakpoint[0]);
        get(editor.server().setBreakpoints(arguments));
        assertThat(run().getDescription()).isEqualTo("the last event");
        assertThat(runBack().getDescription()).isEqualTo("before the first event");
    }

    @Test
    void aPlaceIsWatchedInBothDirections() throws Exception {
        editor.begin(served.launch());
        DataBreakpointInfoArguments info = new DataBreakpointInfoArguments();
        info.setName(PAGE);
        DataBreakpoint watch = new DataBreakpoint();
        watch.setDataId(get(editor.server().dataBreakpointInfo(info)).getDataId());
        watch.setAccessType(DataBreakpointAccessType.WRITE);
        SetDataBreakpointsArguments arguments = new SetDataBreakpointsArguments();
        arguments.setBreakpoints(new DataBreakpoint[] {watch});
        assertThat(get(editor.server().setDataBreakpoints(arguments))
                        .getBreakpoints()[0]
                        .isVerified())
                .isTrue();
        List<String> forward = new ArrayList<>();
        for (StoppedEventArguments stop = run(); stop.getReason().equals("data breakpoint"); stop = run()) {
            forward.add(line(stop) + stop.getDescription());
        }
        List<String> back = new ArrayList<>();
        for (StoppedEventArguments stop = runBack(); stop.getReason().equals("data breakpoint"); stop = runBack()) {
            back.add(0, line(stop) + stop.getDescription());
        }
        assertThat(forward).hasSizeGreaterThanOrEqualTo(2).isEqualTo(back);
        assertThat(forward.get(forward.size() - 1)).contains("-> PAGE_NOT_PRESENT");
    }

    @Test
    void aRegisterAndATableEntryCanBeWatchedWhereTheyAreShown() throws Exception {
        editor.begin(served.launch(), "fault");
        StoppedEventArguments stopped = run();
        StackFrame[] frames = editor.frames(stopped.getThreadId());
        DataBreakpointInfoArguments register = new DataBreakpointInfoArguments();
        register.setVariablesReference(editor.scopes(frames[0].getId()).get("Registers"));
        register.setName("EventLogTail");
        assertThat(get(editor.server().dataBreakpointInfo(register)).getDataId())
                .isEqualTo("register EventLogTail");
        DataBreakpointInfoArguments entry = new DataBreakpointInfoArguments();
        entry.setVariablesReference(editor.scopes(frames[1].getId()).get("Entry"));
        entry.setName("value");
        assertThat(get(editor.server().dataBreakpointInfo(entry)).getDataId()).startsWith("mem 0x");
        entry.setVariablesReference(null);
        entry.setName("the weather");
        assertThat(get(editor.server().dataBreakpointInfo(entry)).getDataId()).isNull();
    }

    @Test
    void theConsoleOfTheEditorKnowsTheVerbsOfTheTerminal() throws Exception {
        editor.begin(served.launch());
        assertThat(evaluate("seek fault 1", "repl")).contains("DmaRequest");
        StoppedEventArguments moved = editor.stop();
        assertThat(moved.getReason()).isEqualTo("goto");
        assertThat(evaluate("when pte 00:02.0 0x10000000", "repl")).contains("=> #165 to end: PAGE_NOT_PRESENT");
        assertThat(evaluate("who wrote pte 00:02.0 0x10000000", "repl")).contains("165", "MemoryWrite");
        assertThat(evaluate("why", "repl")).contains("took the mapping away");
        assertThat(evaluate("pte('00:02.0', 0x10000000).present", "repl")).isEqualTo("no");
        assertThatThrownBy(() -> evaluate("faults >", "watch")).hasMessageContaining("mismatched input");
    }

    @Test
    void memoryIsReadAsFarAsItIsKnown() throws Exception {
        editor.begin(served.launch(), "fault");
        StoppedEventArguments stopped = run();
        int frame = editor.frames(stopped.getThreadId())[1].getId();
        Map<String, Variable> entry = editor.variables(editor.scopes(frame).get("Entry"));
        ReadMemoryArguments arguments = new ReadMemoryArguments();
        arguments.setMemoryReference(entry.get("address").getMemoryReference());
        arguments.setCount(8);
        assertThat(get(editor.server().readMemory(arguments)).getData())
                .as("eight bytes of zero: the entry was cleared")
                .isEqualTo("AAAAAAAAAAA=");
        arguments.setMemoryReference("0x123456789000");
        assertThat(get(editor.server().readMemory(arguments)).getUnreadableBytes())
                .isEqualTo(8);
    }

    @Test
    void aLongTraceIsShownInPages() throws Exception {
        Path file = longTrace(25_000);
        editor.begin(Map.of("trace", file.toString(), "at", "12345"));
        StackFrame frame = editor.frames(1)[0];
        assertThat(frame.getSource().getName()).isEqualTo("events 10000 to 19999");
        assertThat(frame.getLine()).isEqualTo(2346);
        GotoTargetsArguments there = new GotoTargetsArguments();
        Source source = new Source();
        source.setSourceReference(3);
        there.setSource(source);
        there.setLine(1);
        GotoArguments target = new GotoArguments();
        target.setThreadId(1);
        target.setTargetId(
                get(editor.server().gotoTargets(there)).getTargets()[0].getId());
        get(editor.server().goto_(target));
        assertThat(editor.stop().getReason()).isEqualTo("goto");
        assertThat(evaluate("sequence", "watch")).startsWith("20000 ");
        SourceArguments last = new SourceArguments();
        last.setSourceReference(3);
        assertThat(get(editor.server().source(last)).getContent().lines()).hasSize(5_002);
        last.setSourceReference(99);
        assertThat(get(editor.server().source(last)).getContent()).isEmpty();
    }

    @Test
    void aPauseReachesARunThatIsUnderWay() throws Exception {
        Path file = longTrace(400_000);
        editor.begin(Map.of("trace", file.toString()));
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch isPaused = new CountDownLatch(1);
        served.watch((done, total) -> {
            isRunning.countDown();
            try {
                assertThat(isPaused.await(2, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        get(editor.server().continue_(new ContinueArguments()));
        assertThat(isRunning.await(2, TimeUnit.MINUTES)).isTrue();
        get(editor.server().pause(new PauseArguments()));
        isPaused.countDown();
        assertThat(editor.stop().getReason()).isEqualTo("pause");
        assertThat(Long.parseLong(evaluate("events", "watch").split(" ", 2)[0]))
                .isPositive()
                .isLessThan(400_000);
        assertThat(run().getDescription()).isEqualTo("the last event");
    }

    @Test
    void whatIsNoTraceIsRefusedWithAMessage() throws Exception {
        assertThatThrownBy(
                        () -> editor.begin(Map.of("trace", dir.resolve("none").toString())))
                .hasMessageContaining("none");
        assertThatThrownBy(() -> get(editor.server().launch(Map.of()))).hasMessageContaining("expected a trace");
        assertThatThrownBy(() -> run()).hasMessageContaining("expected a launch request");
    }

    @Test
    void anEditorThatStartsTheProgramIsServed() throws Exception {
        Process process = ServedTrace.start();
        try {
            TestEditor other = new TestEditor(process.getInputStream(), process.getOutputStream());
            other.begin(served.launch(), "fault");
            get(other.server().continue_(new ContinueArguments()));
            StoppedEventArguments stopped = other.stop();
            assertThat(stopped.getReason()).isEqualTo("exception");
            assertThat(other.frames(stopped.getThreadId())[0].getName()).contains("DmaRequest");
            get(other.server().disconnect(new DisconnectArguments()));
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
        } finally {
            process.destroyForcibly();
        }
    }
}
