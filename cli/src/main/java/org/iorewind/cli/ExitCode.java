package org.iorewind.cli;

/** What the command's exit code says. A promise to scripts. */
public final class ExitCode {
    /** Done, and nothing found. */
    public static final int OK = 0;
    /** Done, and something found: a fault, a divergence, a line that could not be understood. */
    public static final int FOUND = 1;
    /** The command was used wrongly. */
    public static final int USAGE = 2;
    /** The input is missing, corrupt, cut or of an unsupported kind. */
    public static final int BAD_INPUT = 3;
    /** The environment does not allow it: disk full, output not writable. */
    public static final int ENVIRONMENT = 4;

    private ExitCode() {}
}
