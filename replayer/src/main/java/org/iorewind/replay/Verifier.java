package org.iorewind.replay;

import static org.iorewind.replay.Words.hex;

import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.interrupt.RemappedMessage;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.CommandConsumedDecoder;
import org.iorewind.trace.sbe.CompletionStoreDecoder;
import org.iorewind.trace.sbe.InterruptDeliveredDecoder;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.MmioReadValueDecoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.StateHashDecoder;
import org.iorewind.trace.sbe.TranslationDecoder;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Compares the recording's observations with the model's predictions, kind by kind and in order. A difference is a result,
 * never an exception. Fields that one side does not know are not compared.
 */
final class Verifier {
    private static final long DOMAIN_UNKNOWN = 0xFFFF_FFFFL;
    private static final int CONTROL = 0x18;
    /** Control[XTEn]: interrupt table entries name 32-bit destinations. Reference 1.5. */
    private static final long X2APIC_ENABLE = 1L << 50;

    private static final int SHORT_ENTRY = 4;
    private static final int LONG_ENTRY = 16;

    private final Machine machine;
    private final Predictions predictions;
    private final Tally tally;
    private final FaultCollector faults;
    private final boolean commandsObserved;
    private final boolean translationsObserved;
    private final boolean interruptsObserved;
    private final boolean ownInterruptsObserved;
    private final MmioReadValueDecoder registerValue = new MmioReadValueDecoder();
    private final CommandConsumedDecoder command = new CommandConsumedDecoder();
    private final TranslationDecoder translation = new TranslationDecoder();
    private final LogEntryDecoder logEntry = new LogEntryDecoder();
    private final CompletionStoreDecoder completionStore = new CompletionStoreDecoder();
    private final InterruptDeliveredDecoder interrupt = new InterruptDeliveredDecoder();
    private final StateHashDecoder stateHash = new StateHashDecoder();
    private long sequence;
    /** The model could not decide something the last input caused, so that what follows from it cannot be predicted. */
    private boolean undecided;

    Verifier(Machine machine, Predictions predictions, Tally tally, FaultCollector faults) {
        this.machine = machine;
        this.predictions = predictions;
        this.tally = tally;
        this.faults = faults;
        SessionInfo session = machine.session();
        commandsObserved = session.observes(EventKind.COMMAND_CONSUMED);
        translationsObserved = session.observes(EventKind.TRANSLATION);
        interruptsObserved = session.observes(EventKind.INTERRUPT_DELIVERED);
        ownInterruptsObserved = (session.observes() & SessionInfo.OBSERVES_OWN_INTERRUPTS) != 0;
    }

    /** Compares one observation; does nothing for other events. */
    void observe(EventView event, long readValue) {
        EventKind kind = event.kind();
        if (kind == null) {
            return;
        }
        sequence = event.sequence();
        switch (kind) {
            case MMIO_READ_VALUE -> registerValue(event, readValue);
            case COMMAND_CONSUMED -> command(event);
            case TRANSLATION -> translation(event);
            case LOG_ENTRY -> logEntry(event);
            case COMPLETION_STORE -> completionStore(event);
            case INTERRUPT_DELIVERED -> interrupt(event);
            case VM_EXIT -> tally.notComparable();
            case STATE_HASH -> stateHash(event);
            default -> {}
        }
    }

    /**
     * What was predicted and not observed, when the next input comes or the trace ends. Only kinds of which the source
     * promises to miss none can diverge; the others are forgotten.
     */
    void settle() {
        for (Prediction p = predictions.commands.poll(); p != null; p = predictions.commands.poll()) {
            if (commandsObserved) {
                unobserved(p, "CommandConsumed", "command at " + hex(p.number));
            }
        }
        for (Prediction p = predictions.translations.poll(); p != null; p = predictions.translations.poll()) {
            faults.decided(p, false);
            if (translationsObserved && isDecided(p.translation)) {
                unobserved(p, "Translation", p.translation + " of " + hex(p.address));
            }
        }
        for (Prediction p = predictions.interrupts.poll(); p != null; p = predictions.interrupts.poll()) {
            if (interruptsObserved && isDecided(p.interrupt)) {
                unobserved(p, "InterruptDelivered", p.interrupt + " " + hex(p.result));
            }
        }
        for (Prediction p = predictions.ownInterrupts.poll(); p != null; p = predictions.ownInterrupts.poll()) {
            if (ownInterruptsObserved) {
                unobserved(p, "InterruptDelivered", "interrupt of the IOMMU");
            }
        }
        drain(predictions.logEntries);
        drain(predictions.completionStores);
        undecided = false;
    }

    private static void drain(PredictionQueue queue) {
        while (!queue.isEmpty()) {
            queue.poll();
        }
    }

    private static boolean isDecided(TranslationDecision decision) {
        return decision != TranslationDecision.NOT_RECORDED && decision != TranslationDecision.NOT_MODELLED;
    }

    private static boolean isDecided(InterruptDecision decision) {
        return decision != InterruptDecision.NOT_RECORDED && decision != InterruptDecision.NOT_MODELLED;
    }

    private void registerValue(EventView event, long readValue) {
        registerValue.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (registerValue.space() != MmioSpace.HOST) {
            tally.notComparable();
            return;
        }
        int size = registerValue.size();
        int offset = (int) registerValue.registerOffset();
        long mask = size >= Long.BYTES ? -1L : (1L << 8 * size) - 1;
        long predicted;
        if (registerValue.report() == RegisterReport.READ) {
            predicted = readValue;
        } else {
            predicted = machine.iommu().register(offset & ~7) >>> 8 * (offset & 7);
        }
        long recorded = registerValue.value();
        if ((recorded & mask) == (predicted & mask)) {
            tally.matched();
        } else {
            diverge("MmioReadValue", "register " + hex(offset), hex(recorded & mask), hex(predicted & mask));
        }
    }

    private void command(EventView event) {
        command.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        Prediction p = predictions.commands.poll();
        String kind = "CommandConsumed";
        if (p == null) {
            diverge(kind, "command", "taken at " + hex(command.ringHead()), "none");
            return;
        }
        undecided |= !p.recorded;
        if (command.ringBase() != p.address) {
            diverge(kind, "ringBase", hex(command.ringBase()), hex(p.address));
        } else if (command.ringHead() != p.number) {
            diverge(kind, "ringHead", hex(command.ringHead()), hex(p.number));
        } else if (command.ringTail() != p.number2) {
            diverge(kind, "ringTail", hex(command.ringTail()), hex(p.number2));
        } else if (p.recorded && ((command.qword0() ^ p.qword0) & command.qword0Known()) != 0) {
            diverge(kind, "qword0", known(command.qword0(), command.qword0Known()), hex(p.qword0));
        } else if (p.recorded && ((command.qword1() ^ p.qword1) & command.qword1Known()) != 0) {
            diverge(kind, "qword1", known(command.qword1(), command.qword1Known()), hex(p.qword1));
        } else {
            tally.matched();
        }
    }

    private static String known(long value, long mask) {
        return hex(value) + " (known bits " + hex(mask) + ")";
    }

    private void translation(EventView event) {
        translation.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        Prediction p = predictions.translations.poll();
        boolean refused = translation.outcome() == TranslationOutcome.FAULT;
        String kind = "Translation";
        if (p == null) {
            diverge(kind, "request", translation.outcome().toString(), "no DMA request before it");
            return;
        }
        faults.decided(p, refused);
        if (!isDecided(p.translation)) {
            undecided = true;
            tally.notComparable();
            return;
        }
        TranslationOutcome predicted = outcome(p.translation);
        if (translation.outcome() != predicted) {
            String deviation = LogDeviations.of(
                    machine.iommu().options().profile(),
                    translation.outcome(),
                    translation.cache(),
                    translation.result(),
                    p);
            diverge(kind, "outcome", translation.outcome().toString(), p.translation.toString(), deviation);
        } else if (!refused && translation.result() != p.result) {
            diverge(kind, "result", hex(translation.result()), hex(p.result));
        } else if (!refused
                && p.number >= 0
                && translation.domain() != DOMAIN_UNKNOWN
                && translation.domain() != p.number) {
            diverge(kind, "domain", hex(translation.domain()), hex(p.number));
        } else if (!refused
                && machine.cachesKnown()
                && translation.cache() != CacheAnswer.UNKNOWN
                && (translation.cache() == CacheAnswer.HIT) != p.cacheHit) {
            diverge(kind, "cache", translation.cache().toString(), p.cacheHit ? "HIT" : "MISS");
        } else {
            tally.matched();
        }
    }

    private static TranslationOutcome outcome(TranslationDecision decision) {
        return switch (decision) {
            case TRANSLATED -> TranslationOutcome.TRANSLATED;
            case PASSED -> TranslationOutcome.PASSED;
            default -> TranslationOutcome.FAULT;
        };
    }

    private void logEntry(EventView event) {
        logEntry.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        Prediction p = predictions.logEntries.poll();
        String kind = "LogEntry";
        if (p == null) {
            if (undecided) {
                tally.notComparable();
            } else {
                diverge(kind, "entry", hex(logEntry.qword0()), "none");
            }
        } else if (logEntry.log().ordinal() != p.number) {
            diverge(kind, "log", logEntry.log().toString(), LogKind.values()[p.number].toString());
        } else if (((logEntry.qword0() ^ p.qword0) & logEntry.qword0Known()) != 0) {
            diverge(kind, "qword0", known(logEntry.qword0(), logEntry.qword0Known()), hex(p.qword0));
        } else if (((logEntry.qword1() ^ p.qword1) & logEntry.qword1Known()) != 0) {
            diverge(kind, "qword1", known(logEntry.qword1(), logEntry.qword1Known()), hex(p.qword1));
        } else {
            tally.matched();
        }
    }

    private void completionStore(EventView event) {
        completionStore.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        Prediction p = predictions.completionStores.poll();
        String kind = "CompletionStore";
        if (p == null) {
            diverge(kind, "store", hex(completionStore.address()), "none");
        } else if (completionStore.address() != p.address) {
            diverge(kind, "address", hex(completionStore.address()), hex(p.address));
        } else if (completionStore.data() != p.qword0) {
            diverge(kind, "data", hex(completionStore.data()), hex(p.qword0));
        } else {
            tally.matched();
        }
    }

    private void interrupt(EventView event) {
        interrupt.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (interrupt.outcome() == InterruptOutcome.IOMMU_OWN) {
            ownInterrupt();
            return;
        }
        Prediction p = predictions.interrupts.poll();
        String kind = "InterruptDelivered";
        if (p == null) {
            diverge(kind, "request", interrupt.outcome().toString(), "no interrupt request before it");
            return;
        }
        if (p.interrupt == InterruptDecision.NOT_RECORDED) {
            observedEntry(p);
            return;
        }
        if (p.interrupt == InterruptDecision.NOT_MODELLED) {
            tally.notComparable();
            return;
        }
        InterruptOutcome predicted = switch (p.interrupt) {
            case REMAPPED -> InterruptOutcome.REMAPPED;
            case PASSED -> InterruptOutcome.PASSED;
            default -> InterruptOutcome.DROPPED;
        };
        if (interrupt.outcome() != predicted) {
            diverge(kind, "outcome", interrupt.outcome().toString(), p.interrupt.toString());
        } else if (predicted != InterruptOutcome.DROPPED && interrupt.address() != p.result) {
            diverge(kind, "address", hex(interrupt.address()), hex(p.result));
        } else if (predicted != InterruptOutcome.DROPPED && (int) interrupt.data() != p.number2) {
            diverge(kind, "data", hex(interrupt.data()), hex(p.number2 & 0xFFFF_FFFFL));
        } else if (interrupt.irteKnown() != 0 && p.bytes != 0 && interrupt.irteLow() != p.qword0) {
            diverge(kind, "irteLow", hex(interrupt.irteLow()), hex(p.qword0));
        } else if (interrupt.irteKnown() != 0 && p.bytes != 0 && interrupt.irteHigh() != p.qword1) {
            diverge(kind, "irteHigh", hex(interrupt.irteHigh()), hex(p.qword1));
        } else {
            tally.matched();
        }
    }

    private void ownInterrupt() {
        if (predictions.ownInterrupts.poll() != null) {
            tally.matched();
        } else if (undecided) {
            tally.notComparable();
        } else {
            diverge("InterruptDelivered", "own interrupt", "raised", "none");
        }
    }

    /** The table is not recorded, but the source says which entry the device used: then the message can be predicted. */
    private void observedEntry(Prediction p) {
        int bytes = interrupt.irteKnown();
        if (interrupt.outcome() != InterruptOutcome.REMAPPED || bytes != SHORT_ENTRY && bytes != LONG_ENTRY) {
            tally.notComparable();
            return;
        }
        IommuOptions options = machine.iommu().options();
        long low = interrupt.irteLow();
        long high = interrupt.irteHigh();
        boolean isWide = (machine.iommu().register(CONTROL) & X2APIC_ENABLE) != 0;
        long address = RemappedMessage.deliveredAddress(options, bytes, low, high, isWide, p.address);
        int data = RemappedMessage.deliveredData(options, bytes, low, high, p.number);
        if (interrupt.address() != address) {
            diverge("InterruptDelivered", "address", hex(interrupt.address()), hex(address));
        } else if ((int) interrupt.data() != data) {
            diverge("InterruptDelivered", "data", hex(interrupt.data()), hex(data & 0xFFFF_FFFFL));
        } else {
            tally.matched();
        }
    }

    private void stateHash(EventView event) {
        stateHash.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (!stateHash.profile().equals(machine.profile())) {
            tally.notComparable();
        } else if (stateHash.hash() == machine.stateHash()) {
            tally.matched();
        } else {
            diverge("StateHash", "hash", hex(stateHash.hash()), hex(machine.stateHash()));
        }
    }

    private void unobserved(Prediction p, String kind, String predicted) {
        report(new Divergence(p.inputSequence, p.inputSequence, kind, "missing", "nothing", predicted, "", state(p)));
    }

    private void diverge(String kind, String field, String recorded, String predicted) {
        diverge(kind, field, recorded, predicted, "");
    }

    private void diverge(String kind, String field, String recorded, String predicted, String deviation) {
        report(new Divergence(sequence, predictions.input(), kind, field, recorded, predicted, deviation, state(null)));
    }

    private void report(Divergence divergence) {
        tally.diverged(divergence);
    }

    private String state(@Nullable Prediction p) {
        return tally.wantsMore() ? Words.state(machine, p) : "";
    }
}
