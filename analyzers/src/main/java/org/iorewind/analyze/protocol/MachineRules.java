package org.iorewind.analyze.protocol;

import org.iorewind.analyze.rule.Findings;
import org.iorewind.replay.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The rules and what they look at that all IOMMUs of a machine share, since they share its memory. {@link IommuRules} has what
 * each has for itself.
 */
record MachineRules(
        Shadow shadow,
        TableStores stores,
        InvalidationRules invalidations,
        UseRules uses,
        CommandFeed commands,
        StaleUses staleUses,
        NotPresentRules notPresent,
        DeviceTlbRules deviceTlbs) {
    /** All of them, where nothing was seen yet. */
    static MachineRules of(
            Machine machine,
            Moment now,
            Findings findings,
            Windows windows,
            UnmapFollower follower,
            @Nullable IommuRules[] iommus) {
        Shadow shadow = new Shadow(machine.memory());
        InvalidationRules invalidations = new InvalidationRules(now, findings, windows, follower);
        UseRules uses = new UseRules(now, findings);
        NotPresentRules notPresent = new NotPresentRules(now, findings, machine);
        DeviceTlbRules deviceTlbs = new DeviceTlbRules(now, findings);
        shadow.listen(invalidations);
        shadow.listen(uses);
        shadow.listen(new EntryRules(now, findings));
        shadow.listen(notPresent);
        shadow.listen(deviceTlbs);
        return new MachineRules(
                shadow,
                new TableStores(shadow, iommus),
                invalidations,
                uses,
                new CommandFeed(machine, now, invalidations, notPresent),
                new StaleUses(now, invalidations),
                notPresent,
                deviceTlbs);
    }

    /** What happened to caches is not known, or nothing is left in them. */
    void forgetAll() {
        invalidations.forgetAll();
        notPresent.forgetAll();
        deviceTlbs.forgetAll();
    }

    /** The trace ends. */
    void end() {
        invalidations.end();
        uses.end();
        deviceTlbs.end();
    }
}
