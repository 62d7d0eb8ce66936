package org.iorewind.record.qemu;

import java.util.List;
import org.iorewind.record.qemu.PlanOptions.WantedWay;
import org.jspecify.annotations.Nullable;

/** Decides how lines leave QEMU. */
final class WayChoice {
    private WayChoice() {}

    /** What runs the guest's instructions: {@code tcg}, {@code kvm} or another. */
    static String accelerator(QemuCommand command) {
        if (command.has("enable-kvm")) {
            return "kvm";
        }
        List<String> wanted = command.values("accel");
        String first = wanted.isEmpty()
                ? command.machineProperty("accel")
                : Properties.of(wanted.get(0)).first();
        if (first == null) {
            return command.name().contains("kvm") ? "kvm" : "tcg";
        }
        int colon = first.indexOf(':');
        return colon < 0 ? first : first.substring(0, colon);
    }

    /**
     * The way that is wanted, or the best one there is.
     *
     * @param tapProblem why the library cannot be used; null if it can
     * @param changes told what is not as it could be
     * @throws CommandLineException if what is wanted cannot be had
     */
    static Way of(
            WantedWay wanted,
            Capabilities capabilities,
            String accelerator,
            @Nullable String tapProblem,
            List<String> changes) {
        return switch (wanted) {
            case FIFO -> Way.FIFO;
            case TAP -> {
                refuseWithout(Way.TAP, tapProblem);
                yield Way.TAP;
            }
            case PLUGIN -> {
                refuseWithout(Way.PLUGIN, tapProblem);
                if (!capabilities.loadsPlugins() || !accelerator.equals("tcg")) {
                    throw new CommandLineException(
                            "--mode plugin: expected a QEMU that loads TCG plug-ins, and -accel tcg,"
                                    + " found "
                                    + (capabilities.loadsPlugins() ? "-accel " + accelerator : "no plug-ins")
                                    + "; use --mode tap, which reads the tables when they are used");
                }
                yield Way.PLUGIN;
            }
            case AUTO -> {
                if (tapProblem == null) {
                    yield Way.TAP;
                }
                changes.add("QEMU's log goes through a pipe, which is slower, because " + tapProblem);
                yield Way.FIFO;
            }
        };
    }

    private static void refuseWithout(Way way, @Nullable String tapProblem) {
        if (tapProblem != null) {
            throw new CommandLineException(
                    "--mode " + way.label() + ": " + tapProblem + "; leave it out, and a pipe is used");
        }
    }
}
