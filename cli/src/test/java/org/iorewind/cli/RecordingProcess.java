package org.iorewind.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/** A process that records marks, and does what it is told on standard input. */
public final class RecordingProcess {
    private RecordingProcess() {}

    /** Starts it; the journal is there once it has printed a line. */
    static Process start(Path journal) throws IOException {
        List<String> command = java();
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), RecordingProcess.class.getName(), journal.toString()));
        return new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
    }

    /** A Java like this one; the class path and the class to run come next. */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-")
                    || argument.startsWith("-D")
                    || argument.startsWith("--enable")
                    || argument.startsWith("--sun-misc")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        return command;
    }

    /** A digit on standard input: ten times so many marks; {@code e}: the end. Each is answered with a line. */
    public static void main(String[] arguments) throws IOException {
        int number = 0;
        try (JournalWriter journal = JournalWriter.create(Path.of(arguments[0]))) {
            EventWriter events = new EventWriter(journal);
            events.sessionStart(new SessionInfo(
                    1, 2, Fidelity.LOG, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "test", "", "Nothing."));
            System.out.println("ready");
            for (int order = System.in.read(); order >= 0 && order != 'e'; order = System.in.read()) {
                for (int i = 0; i < 10 * (order - '0'); i++) {
                    events.mark(number++, "while it is followed");
                }
                System.out.println(number);
            }
            events.sessionEnd(EndReason.CLEAN, "");
        }
        System.out.println("closed");
    }
}
