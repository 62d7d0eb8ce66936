package org.iorewind.cli.command;

import picocli.CommandLine.Option;

/** The option of every command that makes a file. */
final class ForceOption {
    @Option(names = "--force", description = "Replace the output if it exists already.")
    boolean force;
}
