package org.iorewind.cli.debug.dap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.cli.debug.dap.TestEditor.get;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.ExceptionInfoArguments;
import org.eclipse.lsp4j.debug.ExceptionInfoResponse;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceArguments;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.iorewind.cli.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Neovim's nvim-dap and Emacs' dape do and expect, where that is more than the protocol's text says. */
class EditorHabitsTest {
    private static final int IOMMU = 1;
    private static final int NIC = 18;

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

    private Breakpoint[] setBreakpoints(String path, int... lines) throws Exception {
        SetBreakpointsArguments arguments = new SetBreakpointsArguments();
        Source source = new Source();
        source.setPath(path);
        arguments.setSource(source);
        arguments.setBreakpoints(Arrays.stream(lines)
                .mapToObj(line -> {
                    SourceBreakpoint breakpoint = new SourceBreakpoint();
                    breakpoint.setLine(line);
                    return breakpoint;
                })
                .toArray(SourceBreakpoint[]::new));
        return get(editor.server().setBreakpoints(arguments)).getBreakpoints();
    }

    private ExceptionInfoResponse exception() throws Exception {
        return get(editor.server().exceptionInfo(new ExceptionInfoArguments()));
    }

    @Test
    void aPageIsKnownByItsPathBehindAPrefixOfTheEditor() throws Exception {
        editor.begin(served.launch());
        String path = editor.frames(IOMMU)[0].getSource().getPath();
        assertThat(path).isEqualTo("events-0-9999");
        assertThat(setBreakpoints("dap-src://2/1/" + path, 50)[0].isVerified()).isTrue();
        assertThat(setBreakpoints("dap-src://1/1/" + path, 20)[0].isVerified())
                .as("the page of a session before, which the editor still shows")
                .isTrue();
        assertThat(editor.run().getDescription()).isEqualTo("event 19");
        assertThat(editor.run().getDescription()).isEqualTo("event 49");
        setBreakpoints("dap-src://2/1/" + path);
        assertThat(editor.runBack().getDescription()).isEqualTo("event 19");
        for (String other : List.of("events-5-10004", "boot.c", "", "events-999999999999990000-999999999999999999")) {
            assertThat(setBreakpoints(other, 1)[0].isVerified()).as(other).isFalse();
        }
    }

    @Test
    void aMotionThatTheConsoleBeganIsToldBeforeItsStop() throws Exception {
        editor.begin(served.launch());
        editor.heard();
        editor.evaluate("seek fault 1", "repl");
        editor.stop();
        assertThat(editor.heard()).containsExactly("continued 1", "started " + NIC, "stopped " + NIC);
    }

    @Test
    void threadsComeAndGoWithTheDevices() throws Exception {
        editor.begin(served.launch(), "fault");
        assertThat(editor.heard()).containsExactly("started 1", "stopped 1");
        editor.run();
        assertThat(editor.heard()).containsExactly("started " + NIC, "stopped " + NIC);
        editor.run();
        assertThat(editor.heard()).containsExactly("stopped " + NIC);
        editor.runBack();
        editor.runBack();
        assertThat(editor.heard()).containsExactly("stopped " + NIC, "exited " + NIC, "stopped 1");
    }

    @Test
    void aCallForNoDeviceBelongsToTheIommu() throws Exception {
        editor.begin(Map.of("trace", served.trace().toString(), "at", "2"));
        assertThat(editor.frames(IOMMU)[0].getName()).startsWith("DriverCall boot enters");
        assertThat(get(editor.server().threads()).getThreads())
                .extracting(each -> each.getName())
                .containsExactly("IOMMU");
    }

    @Test
    void anExceptionSaysWhatWasRefusedAndWhy() throws Exception {
        editor.begin(served.launch(), "fault");
        StoppedEventArguments stopped = editor.run();
        assertThat(stopped.getText()).isEqualTo("fault");
        assertThat(stopped.getDescription()).contains("00:02.0", "0x10000000").endsWith(": PAGE_NOT_PRESENT");
        assertThat(exception().getExceptionId()).isEqualTo("fault");
        assertThat(exception().getDescription()).isEqualTo(stopped.getDescription());
    }

    @Test
    void aRegisterNamedByItsExpressionCanBeWatched() throws Exception {
        editor.begin(served.launch());
        DataBreakpointInfoArguments register = new DataBreakpointInfoArguments();
        register.setVariablesReference(
                editor.scopes(editor.frames(IOMMU)[0].getId()).get("Registers"));
        for (String name : List.of("EventLogTail", "register('EventLogTail')")) {
            register.setName(name);
            assertThat(get(editor.server().dataBreakpointInfo(register)).getDataId())
                    .isEqualTo("register EventLogTail");
        }
        register.setName("register('')");
        assertThat(get(editor.server().dataBreakpointInfo(register)).getDataId())
                .isNull();
    }

    @Test
    void aDamagedTraceIsShownAsFarAsItCanBeRead() throws Exception {
        byte[] bytes = Files.readAllBytes(served.trace());
        bytes[bytes.length / 2] ^= 0x10;
        Path damaged = Files.write(dir.resolve("damaged.iorw"), bytes);
        editor.begin(Map.of("trace", damaged.toString()));
        SourceArguments page = new SourceArguments();
        page.setSourceReference(1);
        List<String> lines =
                get(editor.server().source(page)).getContent().lines().toList();
        assertThat(lines.get(0)).contains("SessionStart");
        assertThat(lines.get(lines.size() - 1)).contains("damaged.iorw", "expected checksum");
        editor.heard();
        StoppedEventArguments stopped = editor.run();
        assertThat(stopped.getReason()).isEqualTo("exception");
        assertThat(stopped.getDescription()).contains("expected checksum");
        assertThat(editor.frames(stopped.getThreadId())[0].getLine())
                .as("on the last event that can be read")
                .isEqualTo(lines.size() - 1);
        assertThat(exception().getDescription()).isEqualTo(stopped.getDescription());
        assertThat(editor.heard()).anyMatch(event -> event.startsWith("important ") && event.contains("checksum"));
        assertThatThrownBy(() -> editor.evaluate("continue", "repl")).hasMessageContaining("expected checksum");
        assertThat(editor.evaluate("seek 10", "repl")).as("it can be used on").contains("10 ");
    }

    @Test
    void aRefusalHasABody() throws Exception {
        assertThatThrownBy(() -> get(editor.server().launch(Map.of())))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ResponseErrorException.class)
                .satisfies(e -> assertThat(((ResponseErrorException) e.getCause())
                                .getResponseError()
                                .getData())
                        .isNotNull());
    }

    @Test
    void aServerThatIsToldToStopClosesItsTrace() throws Exception {
        editor.begin(served.launch());
        served.stopServer();
    }

    @Test
    void ctrlCEndsTheProgramAsADisconnectDoes() throws Exception {
        Process process = ServedTrace.start();
        try {
            TestEditor other = new TestEditor(process.getInputStream(), process.getOutputStream());
            other.begin(served.launch());
            assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.OK);
        } finally {
            process.destroyForcibly();
        }
    }
}
