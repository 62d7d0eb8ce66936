package org.iorewind.record.plugin;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;

/**
 * Turns files of a format into a trace. Found on the class path by {@link Importers}; the command line makes a command of it,
 * with the options that all imports have. Files come from strangers: nothing in them may take memory or time without bound, or
 * end in anything but one of the exceptions below.
 *
 * <p>This interface stays as it is; new methods come with a body.
 */
public interface Importer {
    /** The word behind {@code iorewind import}: small letters, digits and hyphens, beginning with a letter. */
    String name();

    /** What it imports, in a sentence, for the help. */
    String header();

    /** What a FILE is, as in "expected …". */
    String expects();

    /**
     * Imports. The first event is a {@code SessionStart} whose contract says what the source can miss; lines that look like
     * events and are none are counted as unparsed.
     *
     * @param files regular files, at least one; the pieces of one recording in order
     * @param appender takes the events, and has none yet; stays open
     * @param progress told now and then, in lines or records
     * @return what was done
     * @throws org.iorewind.trace.TraceFormatException if a file is not of the format
     * @throws org.iorewind.trace.TraceStoreException if a file cannot be read, or the appender cannot take an event
     */
    ImportResult read(List<Path> files, EventAppender appender, Progress progress);
}
