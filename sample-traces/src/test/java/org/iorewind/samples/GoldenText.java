package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.util.diff.DiffUtils;

/**
 * Text that was reviewed and is compared from then on. With {@code -Diorewind.golden.update} the file is written anew, and what
 * changed is printed, to be read before it is committed.
 */
public final class GoldenText {
    private static final String UPDATE = "iorewind.golden.update";
    private static final int CONTEXT = 1;

    private GoldenText() {}

    /** Whether files are written anew instead of being compared. */
    public static boolean isUpdated() {
        return System.getProperty(UPDATE) != null;
    }

    /**
     * Compares, or writes.
     *
     * @param file of the repository
     * @param text what it should be now
     */
    public static void compare(Path file, String text) throws IOException {
        String before = Files.exists(file) ? Files.readString(file).replace("\r", "") : "";
        if (isUpdated()) {
            if (!before.equals(text)) {
                difference(file, before, text).forEach(System.out::println);
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, text);
            }
            return;
        }
        assertThat(text)
                .as("%s; to take the difference over: mvn -pl sample-traces test -D%s", file, UPDATE)
                .isEqualTo(before);
    }

    private static List<String> difference(Path file, String before, String after) {
        List<String> old = before.lines().toList();
        return DiffUtils.generateUnifiedDiff(
                "a/" + file, "b/" + file, old, DiffUtils.diff(old, after.lines().toList()), CONTEXT);
    }
}
