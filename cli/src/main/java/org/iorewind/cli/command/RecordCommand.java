package org.iorewind.cli.command;

import picocli.CommandLine.Command;

/** {@code iorewind record SOURCE}. */
@Command(
        name = "record",
        header = "Record a machine while it runs.",
        commandListHeading = "%nSources%n",
        synopsisSubcommandLabel = "SOURCE")
final class RecordCommand {}
