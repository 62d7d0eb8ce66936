package org.iorewind.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iorewind help [COMMAND...]}. */
@Command(name = "help", header = "Show help for a command.", helpCommand = true)
final class HelpCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command, such as: import qemu-log")
    private List<String> words = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    HelpCommand(Terminal terminal) {
        this.terminal = terminal;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        CommandLine topic = spec.root().commandLine();
        for (String word : words) {
            CommandLine next = topic.getSubcommands().get(word);
            if (next == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no such command: " + word + "; there are "
                                + topic.getSubcommands().keySet());
            }
            topic = next;
        }
        terminal.out().print(topic.getUsageMessage());
        return ExitCode.OK;
    }
}
