package org.iorewind.analyze.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.AccessKind;
import org.jspecify.annotations.Nullable;

/** Mappings that were taken away again, against what devices did with them. Bounded. Not thread-safe. */
final class UseRules implements ShadowListener {
    private static final int MOST_PAGES = 1 << 18;
    private static final int MOST_SPACES = 4096;
    private static final long SHARE = 10;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int UNKNOWN = 4;
    private static final int WRITABLE = 8;
    private static final long ABSENT = -1;

    private static final class Uses {
        private final Long2LongHashMap pages = new Long2LongHashMap(ABSENT);
        /** Whether a request was seen to use any page of it: else the recording does not tell what devices use. */
        private boolean isSeen;

        private long ended;
        private long writable;
        private long unknown;
        private final Cases unused = new Cases();
        private final Cases onlyRead = new Cases();
        private long firstUnused;
        private long firstOnlyRead;
    }

    private final Moment now;
    private final Findings findings;
    private final Map<AddressSpace, Uses> spaces = new LinkedHashMap<>();
    private @Nullable AddressSpace lastSpace;
    private @Nullable Uses lastUses;
    private boolean isFull;

    UseRules(Moment now, Findings findings) {
        this.now = now;
        this.findings = findings;
    }

    @Override
    public void pageChanged(
            AddressSpace space, long address, int level, int shift, long before, long after, boolean isCertain) {
        if (!space.isLive() || !isCertain) {
            return;
        }
        @Nullable Uses uses = usesOf(space);
        if (uses == null) {
            if (spaces.size() >= MOST_SPACES) {
                isFull = true;
                return;
            }
            uses = new Uses();
            spaces.put(space, uses);
            lastUses = uses;
        }
        if (Entries.isPresent(before)) {
            ended(uses, address);
        }
        if (Entries.isPresent(after)) {
            if (uses.pages.size() >= MOST_PAGES) {
                isFull = true;
                return;
            }
            uses.pages.put(address, (Entries.rights(space, after) & WRITE) != 0 ? WRITABLE : 0);
        }
    }

    private void ended(Uses uses, long address) {
        long used = uses.pages.remove(address);
        if (used == ABSENT) {
            return;
        }
        uses.ended++;
        if ((used & (READ | WRITE | UNKNOWN)) == 0) {
            if (uses.unused.add(now)) {
                uses.firstUnused = address;
            }
        } else if ((used & UNKNOWN) != 0) {
            uses.unknown++;
        } else if ((used & WRITABLE) != 0) {
            uses.writable++;
            if ((used & WRITE) == 0 && uses.onlyRead.add(now)) {
                uses.firstOnlyRead = address;
            }
        }
    }

    /**
     * A device used a page. Tables through which no request was seen to go accuse nobody: a VMM shadows them, or they are the
     * second stage of a guest, or the IOMMU itself reads by them.
     */
    void used(AddressSpace space, long address, int pageShift, AccessKind access) {
        @Nullable Uses uses = usesOf(space);
        if (uses == null) {
            return;
        }
        uses.isSeen = true;
        long bits = bitsOf(access);
        if (!mark(uses, address & -1L << 12, bits) && pageShift > 12) {
            mark(uses, address & -1L << pageShift, bits);
        }
    }

    /** Changes and uses come in rows, of one tree after the other. */
    private @Nullable Uses usesOf(AddressSpace space) {
        if (space != lastSpace) {
            lastSpace = space;
            lastUses = spaces.get(space);
        }
        return lastUses;
    }

    private static long bitsOf(AccessKind access) {
        return switch (access) {
            case UNKNOWN -> UNKNOWN;
            case READ -> READ;
            case WRITE -> WRITE;
            case ATOMIC -> READ | WRITE;
        };
    }

    private static boolean mark(Uses uses, long address, long bits) {
        long known = uses.pages.get(address);
        if (known == ABSENT) {
            return false;
        }
        if ((known & bits) != bits) {
            uses.pages.put(address, known | bits);
        }
        return true;
    }

    void end() {
        boolean isUnknown = false;
        for (Map.Entry<AddressSpace, Uses> each : spaces.entrySet()) {
            Uses uses = each.getValue();
            isUnknown |= uses.unknown > 0;
            if (uses.isSeen) {
                report(
                        ProtocolRules.WIDER_THAN_USED,
                        each.getKey(),
                        uses.unused,
                        Notation.count(uses.ended, "page")
                                + " that were mapped and unmapped were never used by a device; the first was at "
                                + Notation.hex(uses.firstUnused) + ".",
                        uses.ended);
                report(
                        ProtocolRules.MORE_WRITABLE,
                        each.getKey(),
                        uses.onlyRead,
                        Notation.count(uses.writable, "writable page")
                                + " were read and never written by a device; the first was at "
                                + Notation.hex(uses.firstOnlyRead) + ".",
                        uses.writable);
            }
        }
        if (isUnknown) {
            findings.cannotJudge(
                    ProtocolRules.MORE_WRITABLE, "the recording does not tell reads of devices from their writes");
        }
        if (isFull) {
            findings.cannotJudge(ProtocolRules.WIDER_THAN_USED, "more pages are mapped than can be followed");
        }
    }

    private void report(Rule rule, AddressSpace space, Cases cases, String ofWhat, long all) {
        if (cases.count() > 0 && cases.count() * SHARE >= all) {
            findings.report(
                    rule,
                    rule.severity(),
                    InvalidationRules.where(space),
                    cases.span(),
                    new Words(
                            Notation.count(cases.count()) + " of " + ofWhat,
                            List.of(new Evidence(cases.first(), "the first of them unmapped"))));
        }
    }
}
