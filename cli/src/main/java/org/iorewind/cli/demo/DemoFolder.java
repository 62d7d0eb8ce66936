package org.iorewind.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.iorewind.cli.UsageException;

/**
 * The folder that a demo works in. A note in it lists what demos have made there; only that is ever replaced, and nothing
 * else is touched. One thread.
 */
final class DemoFolder {
    /** Name of the note. */
    static final String NOTE = "made-by-iorewind-demo.txt";

    private final Path folder;
    private final TreeSet<String> made = new TreeSet<>();

    private DemoFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens or makes the folder.
     *
     * @throws UsageException if it holds files and no note of an earlier demo
     */
    static DemoFolder open(Path folder) throws IOException {
        DemoFolder demo = new DemoFolder(folder);
        Path note = folder.resolve(NOTE);
        if (Files.isRegularFile(note)) {
            demo.made.addAll(Files.readAllLines(note, StandardCharsets.UTF_8));
            return demo;
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UsageException(folder + " is a file: name a folder with --dir");
        }
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new UsageException(folder
                        + " holds files that no demo made, and they are not touched: name a new folder with --dir");
            }
        }
        return demo;
    }

    /**
     * A name to write to.
     *
     * @throws UsageException if somebody else has put a file there
     */
    Path claim(String name) throws IOException {
        Path path = folder.resolve(name);
        if (!made.contains(name) && Files.exists(path)) {
            throw new UsageException(
                    path + " was not made by a demo, and is not replaced: name a new folder with --dir");
        }
        made.add(name);
        List<String> lines = new ArrayList<>(made);
        Files.write(folder.resolve(NOTE), lines, StandardCharsets.UTF_8);
        return path;
    }

    /** The folder. */
    Path path() {
        return folder;
    }
}
