package org.iorewind.cli.output;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.jspecify.annotations.Nullable;

/**
 * Archives that are made one after the other: {@code NAME-1.iorw}, {@code NAME-2.iorw}, ... Each gets its name when it is
 * whole. One thread.
 */
public final class PartTargets implements AutoCloseable {
    private final Path target;
    private final boolean force;
    private final List<Path> made = new ArrayList<>();
    private @Nullable TraceTarget open;

    /**
     * Parts of this name.
     *
     * @param force whether older traces of these names may be replaced
     */
    public PartTargets(Path target, boolean force) {
        this.target = target;
        this.force = force;
    }

    /** The name of a part, from 1. */
    public Path name(int part) {
        String whole = String.valueOf(target.getFileName());
        int dot = whole.lastIndexOf('.');
        return target.resolveSibling(whole.substring(0, dot) + "-" + part + whole.substring(dot));
    }

    /** Begins a part; it is finished when the appender is closed. */
    public EventAppender begin(int part) {
        Path name = name(part);
        TraceTarget begun = TraceTarget.create(name, force);
        open = begun;
        return new EventAppender() {
            @Override
            public long append(DirectBuffer buffer, int offset, int lengthBytes) {
                return begun.appender().append(buffer, offset, lengthBytes);
            }

            @Override
            public void close() {
                begun.finish();
                begun.close();
                made.add(name);
                open = null;
            }
        };
    }

    /** The parts that are finished. */
    public List<Path> made() {
        return List.copyOf(made);
    }

    /** Deletes the part that was begun and not finished. */
    @Override
    public void close() {
        TraceTarget unfinished = open;
        if (unfinished != null) {
            unfinished.close();
        }
    }
}
