package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;

/**
 * A small file system of its own. Needs the right to mount: where that is missing the test is skipped, unless {@code
 * -Diorewind.mount.required=true} says that it must not be.
 */
final class MountedFolder implements AutoCloseable {
    private final Path folder;

    private MountedFolder(Path folder) {
        this.folder = folder;
    }

    static MountedFolder tmpfs(Path under, long bytes) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(under, "tmpfs");
        mountOrSkip("mount", "-t", "tmpfs", "-o", "size=" + bytes, "none", folder.toString());
        return new MountedFolder(folder);
    }

    static MountedFolder ext4(Path under, long bytes) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(under, "ext4");
        Path image = Files.createTempFile(under, "image", ".ext4");
        Files.write(image, new byte[(int) bytes]);
        mountOrSkip("mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image.toString());
        mountOrSkip("mount", "-o", "loop", image.toString(), folder.toString());
        return new MountedFolder(folder);
    }

    void makeReadOnly() throws IOException, InterruptedException {
        assertThat(run("mount", "-o", "remount,ro", folder.toString())).isZero();
    }

    private static void mountOrSkip(String... command) throws IOException, InterruptedException {
        int result;
        try {
            result = run(command);
        } catch (IOException e) {
            result = -1;
        }
        boolean required = Boolean.getBoolean("iorewind.mount.required") && !command[0].contains("ext4");
        assumeTrue(result == 0 || required, "not allowed or not able here: " + String.join(" ", command));
        assertThat(result).isZero();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start()
                .waitFor();
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        // Chronicle unmaps its files on a thread of its own.
        BackgroundResourceReleaser.releasePendingResources();
        try {
            assertThat(run("umount", folder.toString())).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
