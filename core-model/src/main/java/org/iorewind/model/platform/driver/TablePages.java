package org.iorewind.model.platform.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/** Memory of tables, and how many entries of each are in use. Not thread-safe. */
final class TablePages {
    private static final int PAGE_BYTES = 4096;

    private final DriverPort port;
    private final MemoryRole role;
    private final TreeMap<Long, Integer> used = new TreeMap<>();
    private final List<Long> unlinked = new ArrayList<>();

    TablePages(DriverPort port, MemoryRole role) {
        this.port = port;
        this.role = role;
    }

    /** A table of zeros. */
    long allocate() {
        long table = port.allocate(PAGE_BYTES, PAGE_BYTES);
        port.clear(role, table, PAGE_BYTES);
        used.put(table, 0);
        return table;
    }

    long load(long entryAddress) {
        return port.load(entryAddress);
    }

    /** Writes an entry that was not in use. */
    void add(long entryAddress, long entry) {
        port.store(role, entryAddress, entry);
        count(entryAddress, 1);
    }

    /** Writes an entry that stays in use. */
    void change(long entryAddress, long entry) {
        port.store(role, entryAddress, entry);
    }

    /** Clears an entry that was in use. */
    void remove(long entryAddress) {
        port.store(role, entryAddress, 0);
        count(entryAddress, -1);
    }

    private void count(long entryAddress, int change) {
        used.merge(entryAddress & -PAGE_BYTES, change, Integer::sum);
    }

    boolean isEmpty(long table) {
        return used.getOrDefault(table, 0) == 0;
    }

    /** A table that no entry points to any more. */
    void unlink(long table) {
        used.remove(table);
        unlinked.add(table);
    }

    int unlinked() {
        return unlinked.size();
    }

    void release() {
        for (long table : unlinked) {
            port.free(table, PAGE_BYTES);
        }
        unlinked.clear();
    }

    void destroy() {
        release();
        for (long table : used.keySet()) {
            port.free(table, PAGE_BYTES);
        }
        used.clear();
    }

    int size() {
        return used.size();
    }
}
