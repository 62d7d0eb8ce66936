package org.iorewind.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program in a process of its own, with the class path and the openings of this one. */
public final class ForkedProgram {
    private ForkedProgram() {}

    /** Its command line; arguments may be paths. */
    public static List<String> command(Object... arguments) {
        return command(List.of(), arguments);
    }

    /**
     * Its command line.
     *
     * @param options of the virtual machine, beside the usual ones
     * @param arguments may be paths
     */
    public static List<String> command(List<String> options, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-") || argument.startsWith("--enable") || argument.startsWith("--sun-misc")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.iorewind.cli.Main"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }
}
