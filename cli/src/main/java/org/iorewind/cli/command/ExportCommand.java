package org.iorewind.cli.command;

import picocli.CommandLine.Command;

/** {@code iorewind export FORMAT}. */
@Command(
        name = "export",
        header = "Write a trace in another format.",
        commandListHeading = "%nFormats%n",
        synopsisSubcommandLabel = "FORMAT")
final class ExportCommand {}
