package org.iorewind.analyze.export;

import java.io.IOException;
import java.util.List;

/** Where tables go. */
@FunctionalInterface
public interface TableTarget {
    /**
     * Begins a table.
     *
     * @param name of it, letters, digits and underscores
     * @param columns of it, at least one
     */
    TableWriter open(String name, List<Column> columns) throws IOException;
}
