package org.iorewind.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command line as it is typed: words, quotes of both kinds, comments. It ends where another command or a file follows. */
final class ShellLine {
    private static final String END = "|;&>";

    private ShellLine() {}

    /** The words of a line. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean isWord = false;
        char quote = 0;
        for (char c : line.toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                isWord = true;
            } else if (c == ' ') {
                end(words, word, isWord);
                isWord = false;
            } else if (c == '#' && !isWord || END.indexOf(c) >= 0) {
                break;
            } else {
                word.append(c);
                isWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is open at the end of: " + line);
        }
        end(words, word, isWord);
        return words;
    }

    private static void end(List<String> words, StringBuilder word, boolean isWord) {
        if (isWord) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** Runs a line that begins with the program's name; words that name a file, by their ending, are files of a folder. */
    static CommandRun run(String line, Path folder) {
        return run(line, "", folder);
    }

    /** The same with something to read on standard input. */
    static CommandRun run(String line, String input, Path folder) {
        List<String> words = words(line);
        Object[] arguments = new Object[words.size() - 1];
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            arguments[i - 1] = isFile(word) ? folder.resolve(word) : word;
        }
        return CommandRun.withInput(input, arguments);
    }

    private static boolean isFile(String word) {
        return word.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*\\.(iorw|html|txt|json|jsonl|sarif|xml|zst|tsv)");
    }
}
