package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.SamplesJson;
import org.iorewind.cli.view.SamplesView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code iorewind samples}. */
@Command(
        name = "samples",
        header = "List what there is to learn from: scenarios to record, and captures of real machines.",
        description = {
            "",
            "A scenario is recorded with 'iorewind record sample NAME', a capture is shown with 'iorewind demo"
                    + " --capture NAME'.",
            ""
        })
final class SamplesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private JsonOption result = new JsonOption();

    SamplesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                SamplesJson.write(json);
            }
        } else {
            SamplesView.print(terminal);
        }
        return ExitCode.OK;
    }
}
