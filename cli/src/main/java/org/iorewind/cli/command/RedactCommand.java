package org.iorewind.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.cli.view.EditView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.edit.TraceRedact;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind redact TRACE -o TRACE}. */
@Command(
        name = "redact",
        header = "Copy a trace without its addresses, payload and texts.",
        description = {
            "",
            "Which page, which bytes, which words goes; what happened to the same page in which order stays.",
            "Example: a trace for a bug report:",
            "  iorewind redact boot.iorw -o public.iorw",
            ""
        })
final class RedactCommand implements Callable<Integer> {
    private static final int SALT_BYTES = 32;
    private static final int MOST_SALT_BYTES = 4096;

    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = "-o",
            paramLabel = "TRACE",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Option(
            names = "--salt-file",
            paramLabel = "FILE",
            description = "The secret that decides about the stand-ins. Default: a new one, which is thrown away.")
    private @Nullable Path saltFile;

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    RedactCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Destination.refuseInput(target, List.of(trace.path));
        byte[] salt = salt();
        long leftOut;
        try (TraceReader reader = trace.open();
                TraceTarget made = TraceTarget.create(target, output.force);
                ProgressLine progress = terminal.progress("redacting", "events")) {
            leftOut = TraceRedact.redact(reader, salt, made.appender(), progress);
            made.finish();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("trace", target.toString()).number("leftOut", leftOut);
            }
        } else {
            EditView.printRedacted(target, leftOut, terminal);
        }
        return ExitCode.OK;
    }

    private byte[] salt() throws IOException {
        Path file = saltFile;
        if (file == null) {
            byte[] salt = new byte[SALT_BYTES];
            new SecureRandom().nextBytes(salt);
            return salt;
        }
        TraceParameter.requireExisting(file, "a file with a secret");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] salt = in.readNBytes(MOST_SALT_BYTES);
            if (salt.length == 0) {
                throw new UsageException("--salt-file: expected at least one byte, found an empty file: " + file);
            }
            return salt;
        }
    }
}
