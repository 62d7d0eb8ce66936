package org.iorewind.cli.command;

import picocli.CommandLine.Command;

/** {@code iorewind import SOURCE}. */
@Command(
        name = "import",
        header = "Make a trace of a recording in another format.",
        commandListHeading = "%nSources%n",
        synopsisSubcommandLabel = "SOURCE")
final class ImportCommand {}
