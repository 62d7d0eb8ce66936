package org.iorewind.cli.debug;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sessions on a terminal keep for the next ones, in {@code iorewind} below the user's cache folder. Where there can be no
 * such folder, nothing is kept, which is no error.
 */
public final class UserFiles {
    private UserFiles() {}

    /**
     * The lines that were typed: {@code debug-history}.
     *
     * @param environment with {@code XDG_CACHE_HOME} or {@code HOME}
     * @return the file, in a folder that is there, or null
     */
    public static @Nullable Path history(Map<String, String> environment) {
        return in("", environment, "debug-history");
    }

    /**
     * The names that were given to events of a recording: a file of {@code debug-marks}.
     *
     * @param environment with {@code XDG_CACHE_HOME} or {@code HOME}
     * @param sessionId of the recording, 32 hexadecimal digits
     * @return the file, in a folder that is there, or null
     */
    public static @Nullable Path marks(Map<String, String> environment, String sessionId) {
        return in("debug-marks", environment, sessionId);
    }

    private static @Nullable Path in(String subfolder, Map<String, String> environment, String name) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (cache.isEmpty() && home.isEmpty()) {
            return null;
        }
        Path folder = (cache.isEmpty() ? Path.of(home, ".cache") : Path.of(cache)).resolve("iorewind");
        try {
            return Files.createDirectories(folder.resolve(subfolder)).resolve(name);
        } catch (IOException e) {
            return null;
        }
    }
}
