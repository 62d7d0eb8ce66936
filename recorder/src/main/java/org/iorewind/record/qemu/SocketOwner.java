package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the processes that have a Unix socket open, by its path, in {@code /proc}: as far as they may be looked into. */
final class SocketOwner {
    private static final int INODE_COLUMN = 6;
    private static final int PATH_COLUMN = 7;

    private SocketOwner() {}

    static List<Long> of(Path socket) {
        Set<String> links = new HashSet<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > PATH_COLUMN && isSame(columns[PATH_COLUMN], socket)) {
                    links.add("socket:[" + columns[INODE_COLUMN] + "]");
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        List<Long> owners = new ArrayList<>();
        ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> pid != ProcessHandle.current().pid() && hasOneOf(pid, links))
                .forEach(owners::add);
        return owners;
    }

    private static boolean isSame(String column, Path socket) {
        try {
            return column.equals(socket.toString()) || Files.isSameFile(Path.of(column), socket);
        } catch (IOException | RuntimeException e) {
            // of another namespace, or abstract
            return false;
        }
    }

    private static boolean hasOneOf(long pid, Set<String> links) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.anyMatch(file -> links.contains(target(file)));
        } catch (IOException | RuntimeException e) {
            // gone, or not ours to look into
            return false;
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
