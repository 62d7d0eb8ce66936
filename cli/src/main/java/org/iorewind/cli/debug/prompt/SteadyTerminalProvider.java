package org.iorewind.cli.debug.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;

/** JLine's provider that drives a terminal through the program {@code stty}, which is started no more often than needed. */
final class SteadyTerminalProvider extends ExecTerminalProvider {
    private static final String RESIZED = "WINCH";
    private static final String CONTINUED = "CONT";

    private final List<SteadyPty> terminals = new CopyOnWriteArrayList<>();

    /**
     * The terminal of this process; a dumb one if standard input or output is none. No native library, nothing unpacked.
     *
     * @throws IOException if it cannot be driven
     */
    Terminal terminal() throws IOException {
        if (!isSystemStream(SystemStream.Input) || !isSystemStream(SystemStream.Output)) {
            return TerminalBuilder.builder()
                    .system(true)
                    .provider("dumb")
                    .dumb(true)
                    .build();
        }
        Charset charset = Charset.forName(System.getProperty("native.encoding", UTF_8.name()));
        return sysTerminal(
                "iorewind",
                System.getenv().getOrDefault("TERM", "dumb"),
                false,
                charset,
                charset,
                charset,
                true,
                SignalHandler.SIG_DFL,
                false,
                SystemStream.Output);
    }

    @Override
    public Pty current(SystemStream stream) throws IOException {
        SteadyPty terminal = new SteadyPty(super.current(stream));
        terminals.add(terminal);
        return terminal;
    }

    /** What is remembered is put right before anybody else hears of the signal. */
    @Override
    public Object registerSignal(String name, Runnable handler) {
        return super.registerSignal(name, () -> {
            if (name.equals(RESIZED)) {
                terminals.forEach(SteadyPty::forgetSize);
            } else if (name.equals(CONTINUED)) {
                terminals.forEach(SteadyTerminalProvider::setModeAgain);
            }
            handler.run();
        });
    }

    private static void setModeAgain(SteadyPty terminal) {
        try {
            terminal.setModeAgain();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
