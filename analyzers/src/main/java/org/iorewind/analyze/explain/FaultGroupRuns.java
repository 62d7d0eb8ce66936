package org.iorewind.analyze.explain;

import java.util.ArrayList;
import java.util.List;

/** All faults of one key: their runs of neighbouring addresses, and what surrounded the first. */
final class FaultGroupRuns {
    /** So many places are kept apart; more are one scattered group. */
    static final int MOST_RUNS = 8;

    private static final long NEIGHBOURHOOD = 64 * 1024;

    final FaultKey key;
    final DevicePrefix prefix;
    final Surroundings around;
    final boolean addressTold;
    /** Words dumped behind the first entry, in pieces as they come. */
    final RawDump dump = new RawDump();

    private final List<FaultRun> runs = new ArrayList<>();
    private boolean scattered;

    FaultGroupRuns(FaultKey key, DevicePrefix prefix, Surroundings around, boolean addressTold) {
        this.key = key;
        this.prefix = prefix;
        this.around = around;
        this.addressTold = addressTold;
    }

    /** Takes one; returns how many runs there are more than before, which may be negative. */
    int add(long address, long timeNs, long sequence) {
        int before = runs.size();
        FaultRun run = find(address);
        run.add(address, timeNs, sequence);
        return runs.size() - before;
    }

    private FaultRun find(long address) {
        if (scattered) {
            return runs.get(0);
        }
        for (FaultRun run : runs) {
            if (run.isNear(address, NEIGHBOURHOOD)) {
                return run;
            }
        }
        if (runs.size() == MOST_RUNS) {
            scattered = true;
            FaultRun all = runs.get(0);
            for (FaultRun other : runs.subList(1, runs.size())) {
                all.join(other);
            }
            runs.subList(1, runs.size()).clear();
            return all;
        }
        FaultRun run = new FaultRun();
        runs.add(run);
        return run;
    }

    List<FaultRun> runs() {
        return runs;
    }

    boolean isScattered() {
        return scattered;
    }
}
