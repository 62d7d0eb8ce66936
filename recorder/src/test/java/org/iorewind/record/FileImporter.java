package org.iorewind.record;

import java.nio.file.Path;
import org.iorewind.trace.EventAppender;

/** An importer, with its options. */
@FunctionalInterface
public interface FileImporter {
    /** Imports a file. */
    ImportResult run(Path file, EventAppender appender);
}
