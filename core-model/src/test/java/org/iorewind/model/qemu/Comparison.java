package org.iorewind.model.qemu;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a program on the model and on QEMU, and finds the first thing in which they differ. */
final class Comparison {
    /** Registers that are read after every program, in whole. */
    private static final int[] LAST_READS = {
        0x00, 0x08, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38, 0x2000, 0x2008, 0x2010, 0x2018, 0x2020, 0x2030, 0x2038
    };

    private final ModelMachine model;
    private final QemuMachine qemu;
    private final DifferenceRules rules;
    private final Coverage coverage;

    Comparison(ModelMachine model, QemuMachine qemu, Coverage coverage) {
        this.model = model;
        this.qemu = qemu;
        this.rules = new DifferenceRules(coverage);
        this.coverage = coverage;
    }

    /**
     * A difference.
     *
     * @param step index of the step that showed it, or the number of steps for what was found afterwards
     * @param text what was predicted and what was seen
     */
    record Difference(int step, String text) {}

    /** Runs a program on both. */
    Optional<Difference> run(List<Step> asked) {
        long status = qemu.begin();
        List<Step> steps = withLastReads(comparablePart(asked, status));
        model.begin(status);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            step.applyTo(model, i % Layout.SLOTS);
            step.applyTo(qemu, i % Layout.SLOTS);
            List<Witness> predicted = model.drain();
            Optional<String> difference = difference(predicted, qemu.drain());
            if (difference.isPresent()) {
                return Optional.of(new Difference(i, step + ": " + difference.get()));
            }
            coverage.count("step");
            coverage.countAll(predicted);
        }
        return memoryDifference(model.end(), qemu.end()).map(text -> new Difference(steps.size(), text));
    }

    /** The steps before the first one that no program may take. */
    private List<Step> comparablePart(List<Step> asked, long status) {
        model.begin(status);
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).applyTo(model, i % Layout.SLOTS);
            if (model.mustBeLeftOut()) {
                coverage.count("program cut short");
                return asked.subList(0, i);
            }
            model.drain();
        }
        return asked;
    }

    private static List<Step> withLastReads(List<Step> steps) {
        List<Step> all = new ArrayList<>(steps);
        for (int offset : LAST_READS) {
            all.add(new Step.Read(offset, Long.BYTES));
        }
        return all;
    }

    private Optional<String> difference(List<Witness> predicted, List<Witness> seen) {
        for (int i = 0; i < Math.max(predicted.size(), seen.size()); i++) {
            if (i >= predicted.size()) {
                return Optional.of("QEMU did more: " + seen.get(i));
            }
            if (i >= seen.size()) {
                return Optional.of("QEMU did not: " + predicted.get(i));
            }
            if (!predicted.get(i).agreesWith(seen.get(i)) && !rules.isKnown(predicted.get(i), seen.get(i), model)) {
                return Optional.of("predicted " + predicted.get(i) + ", QEMU did " + seen.get(i));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> memoryDifference(ByteBuffer predicted, ByteBuffer seen) {
        int length = Layout.RAM_BYTES - Layout.FIRST_COMPARED;
        int at = predicted.slice(Layout.FIRST_COMPARED, length).mismatch(seen.slice(Layout.FIRST_COMPARED, length));
        if (at < 0) {
            return Optional.empty();
        }
        int word = Layout.FIRST_COMPARED + at & -Long.BYTES;
        String place = word >= Layout.BUFFER_OUT && word < Layout.BUFFER_OUT + Layout.BUFFER_BYTES
                ? "what step " + (word - Layout.BUFFER_OUT) / Layout.SLOT_BYTES + " brought into the device"
                : "memory";
        return Optional.of(place + ": predicted " + new Witness(Witness.Kind.MEMORY, word, predicted.getLong(word), 0)
                + ", QEMU has " + new Witness(Witness.Kind.MEMORY, word, seen.getLong(word), 0));
    }
}
