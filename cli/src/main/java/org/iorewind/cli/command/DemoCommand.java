package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind demo}. */
@Command(
        name = "demo",
        header = "A guided tour on recordings of real machines, in under a minute.",
        description = {
            "",
            "Imports a recording, seals it, replays it, explains its faults and writes the report. Says at each step"
                    + " which command does the same. Finds a fault on purpose, and still ends with exit code 0.",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The folder to work in, a new or empty one, or that of an earlier demo. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Path directory = Path.of("iorewind-demo");

    @Option(
            names = "--capture",
            paramLabel = "NAME",
            description = "Another recording that is a log; the demo lists them all.")
    private String capture = "";

    @Mixin
    private JsonOption result = new JsonOption();

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        new Demo(directory, capture, terminal).run(result.json);
        return ExitCode.OK;
    }
}
