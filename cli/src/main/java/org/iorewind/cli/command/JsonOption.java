package org.iorewind.cli.command;

import picocli.CommandLine.Option;

/** The option of every command that prints a result. */
final class JsonOption {
    @Option(names = "--json", description = "Print the result as one JSON document instead of text.")
    boolean json;
}
