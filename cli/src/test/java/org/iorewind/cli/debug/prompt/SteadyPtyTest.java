package org.iorewind.cli.debug.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.impl.PosixSysTerminal;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.junit.jupiter.api.Test;

/** A terminal is asked once, and told only of changes: each question is a process. */
class SteadyPtyTest {
    /** A terminal on which somebody has typed; it notes what it is asked. */
    private static final class Asked implements Pty {
        private final List<String> calls = new ArrayList<>();
        private final InputStream typed;
        private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
        private Attributes mode = new Attributes();

        Asked(String keys) {
            typed = new ByteArrayInputStream(keys.getBytes(UTF_8));
            mode.setLocalFlag(LocalFlag.ICANON, true);
            mode.setLocalFlag(LocalFlag.ECHO, true);
            mode.setLocalFlag(LocalFlag.ISIG, true);
        }

        @Override
        public InputStream getMasterInput() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public OutputStream getMasterOutput() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public InputStream getSlaveInput() {
            return typed;
        }

        @Override
        public OutputStream getSlaveOutput() {
            return shown;
        }

        @Override
        public Attributes getAttr() {
            calls.add("getAttr");
            return new Attributes(mode);
        }

        @Override
        public void setAttr(Attributes wanted) {
            calls.add("setAttr " + (wanted.getLocalFlag(LocalFlag.ICANON) ? "lines" : "keys"));
            mode = new Attributes(wanted);
        }

        @Override
        public Size getSize() {
            calls.add("getSize");
            return Size.of(100, 30);
        }

        @Override
        public void setSize(Sized wanted) {
            calls.add("setSize");
        }

        @Override
        public SystemStream getSystemStream() {
            return SystemStream.Output;
        }

        @Override
        public TerminalProvider getProvider() {
            return new SteadyTerminalProvider();
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @Test
    void linesAreReadWithoutAQuestionToTheTerminal() throws IOException {
        Asked real = new Asked("first\rsecond\rthird\r");
        List<String> afterTheFirst;
        try (Terminal terminal =
                new PosixSysTerminal("test", "ansi", new SteadyPty(real), UTF_8, false, SignalHandler.SIG_DFL)) {
            terminal.enterRawMode();
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            assertThat(reader.readLine("? ")).isEqualTo("first");
            afterTheFirst = List.copyOf(real.calls);
            assertThat(reader.readLine("? ")).isEqualTo("second");
            assertThat(reader.readLine("? ")).isEqualTo("third");
            assertThat(real.calls)
                    .as("no question for the second and third line")
                    .isEqualTo(afterTheFirst);
            assertThat(real.mode.getLocalFlag(LocalFlag.ISIG))
                    .as("Ctrl-C stops what runs between two lines")
                    .isTrue();
        }
        assertThat(afterTheFirst).containsOnlyOnce("setAttr keys", "getAttr");
        assertThat(real.calls).as("what was before is put back").endsWith("setAttr lines", "close");
        assertThat(real.shown.toString(UTF_8)).contains("? ");
    }

    @Test
    void whatOthersChangeIsAskedAndSetAgain() throws IOException {
        Asked real = new Asked("");
        SteadyPty terminal = new SteadyPty(real);
        Attributes mode = terminal.getAttr();
        mode.setLocalFlag(LocalFlag.ICANON, false);
        terminal.setAttr(mode);
        terminal.setAttr(mode);
        assertThat(terminal.getSize()).isEqualTo(terminal.getSize());
        assertThat(real.calls).containsExactly("getAttr", "setAttr keys", "getSize");
        terminal.forgetSize();
        assertThat(terminal.getSize().getColumns()).isEqualTo(100);
        terminal.setModeAgain();
        assertThat(real.calls).endsWith("getSize", "setAttr keys");
    }
}
