package org.iorewind.cli.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Turns words of the command line into values, with messages for people. */
final class Words {
    private Words() {}

    /** Makes a command and all below it read its words this way. */
    static void register(CommandLine root) {
        root.registerConverter(Path.class, Words::path);
        root.registerConverter(long.class, Words::number);
        root.registerConverter(Long.class, Words::number);
        root.registerConverter(Double.class, Words::seconds);
    }

    /**
     * A name of a file or directory.
     *
     * @throws TypeConversionException if it is empty, or no name on this machine
     */
    static Path path(String word) {
        if (word.isEmpty()) {
            throw new TypeConversionException("empty name: expected the name of a file or a directory");
        }
        try {
            return Path.of(word);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("no name that can be used here: " + word
                    + "; if it is not ASCII, set a UTF-8 locale such as LC_ALL=C.UTF-8");
        }
    }

    private static Double seconds(String word) {
        try {
            double seconds = Double.parseDouble(word);
            if (Double.isFinite(seconds)) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException("expected seconds such as 12.5, found: " + word);
    }

    private static Long number(String word) {
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("expected a whole number, found: " + word);
        }
    }
}
