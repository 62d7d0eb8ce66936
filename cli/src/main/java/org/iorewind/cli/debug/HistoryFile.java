package org.iorewind.cli.debug;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the lines that were typed are kept: {@code debug-history} in {@code iorewind} below the user's cache folder. */
public final class HistoryFile {
    private HistoryFile() {}

    /**
     * The file, in a folder that is there; null if there can be none, which is no error.
     *
     * @param environment with {@code XDG_CACHE_HOME} or {@code HOME}
     */
    public static @Nullable Path of(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (cache.isEmpty() && home.isEmpty()) {
            return null;
        }
        Path folder = (cache.isEmpty() ? Path.of(home, ".cache") : Path.of(cache)).resolve("iorewind");
        try {
            Files.createDirectories(folder);
            return folder.resolve("debug-history");
        } catch (IOException e) {
            return null;
        }
    }
}
