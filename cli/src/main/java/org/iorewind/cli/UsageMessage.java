package org.iorewind.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.iorewind.analyze.text.PlainText;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What to say about a command line that cannot be understood: what is wrong, what was probably meant, where to look. */
final class UsageMessage {
    private static final int LIMIT = 300;

    private UsageMessage() {}

    /** The lines of the message, without the program's name in front. */
    static List<String> of(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        List<String> lines = new ArrayList<>();
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            unmatched(command, unmatched, lines);
        } else if (!command.getSubcommands().isEmpty() && command.getParent() != null) {
            lines.add(clean(command.getCommandName() + ": expected one of " + names(command) + " behind it"));
        } else {
            lines.add(clean(String.valueOf(failure.getMessage())));
        }
        String name = command.getCommandSpec().qualifiedName(" ");
        String topic = name.startsWith("iorewind ") ? " " + name.substring("iorewind ".length()) : "";
        lines.add("  See: iorewind help" + topic);
        return lines;
    }

    private static void unmatched(CommandLine command, UnmatchedArgumentException failure, List<String> lines) {
        String word = failure.getUnmatched().get(0);
        boolean option = failure.isUnknownOption();
        if (!option && !command.getSubcommands().isEmpty()) {
            lines.add(clean("no such command: " + word + "; there are: " + names(command)));
        } else {
            lines.add(clean(String.valueOf(failure.getMessage())));
        }
        if (option && command.getParent() == null && isOptionOfACommand(command, word)) {
            lines.add(clean("  Options stand behind the command, such as: iorewind replay TRACE " + word));
            return;
        }
        for (String suggestion : failure.getSuggestions()) {
            lines.add(clean("  Did you mean: " + suggestion + "?"));
        }
    }

    private static boolean isOptionOfACommand(CommandLine command, String word) {
        return command.getSubcommands().values().stream()
                .anyMatch(
                        next -> next.getCommandSpec().optionsMap().containsKey(word) || isOptionOfACommand(next, word));
    }

    private static String names(CommandLine command) {
        return command.getSubcommands().keySet().stream().collect(Collectors.joining(", "));
    }

    private static String clean(String text) {
        return PlainText.clip(text, LIMIT);
    }
}
