package org.iorewind.replay;

import static org.iorewind.replay.Words.hex;

import java.util.function.Function;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.CommandConsumedDecoder;
import org.iorewind.trace.sbe.CompletionStoreDecoder;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.MmioReadValueDecoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.PageResponseDecoder;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.SessionEndDecoder;
import org.iorewind.trace.sbe.StateHashDecoder;
import org.iorewind.trace.schema.EventTable;

/**
 * Compares the recording's observations with the model's predictions, kind by kind and in order. A difference is a result,
 * never an exception. Fields that one side does not know are not compared.
 */
final class Verifier {
    private static final long OFFSET_UNKNOWN = 0xFFFF_FFFFL;

    private final Machine machine;
    private final Applier applier;
    private final Predictions predictions;
    private final Findings findings;
    private final TranslationVerifier translations;
    private final InterruptVerifier interrupts;
    private final FaultCollector faults;
    private final boolean commandsObserved;
    private final boolean translationsObserved;
    private final boolean interruptsObserved;
    private final boolean ownInterruptsObserved;
    private final boolean logEntriesObserved;
    private final boolean completionStoresObserved;
    private final boolean pageResponsesObserved;
    private final SessionEndDecoder sessionEnd = new SessionEndDecoder();
    private final MmioReadValueDecoder registerValue = new MmioReadValueDecoder();
    private final CommandConsumedDecoder command = new CommandConsumedDecoder();
    private final PageResponseDecoder pageResponse = new PageResponseDecoder();
    private final LogEntryDecoder logEntry = new LogEntryDecoder();
    private final CompletionStoreDecoder completionStore = new CompletionStoreDecoder();
    private final StateHashDecoder stateHash = new StateHashDecoder();

    Verifier(
            Machine machine,
            Applier applier,
            Predictions predictions,
            Tally tally,
            FaultCollector faults,
            ReplayListener... listeners) {
        this.machine = machine;
        this.applier = applier;
        this.predictions = predictions;
        this.findings = new Findings(machine, predictions, tally, listeners);
        this.translations = new TranslationVerifier(machine, predictions, findings, faults);
        this.interrupts = new InterruptVerifier(machine, predictions, findings);
        this.faults = faults;
        SessionInfo session = machine.session();
        commandsObserved = session.observes(EventKind.COMMAND_CONSUMED);
        translationsObserved = session.observes(EventKind.TRANSLATION);
        logEntriesObserved = session.observes(EventKind.LOG_ENTRY);
        completionStoresObserved = session.observes(EventKind.COMPLETION_STORE);
        pageResponsesObserved = session.observes(EventKind.PAGE_RESPONSE);
        interruptsObserved = session.observes(EventKind.INTERRUPT_DELIVERED);
        ownInterruptsObserved = (session.observes() & SessionInfo.OBSERVES_OWN_INTERRUPTS) != 0;
    }

    /** Compares one observation; does nothing for other events. */
    void observe(EventView event, EventKind kind) {
        findings.at(event.sequence());
        if (kind.eventClass() == EventClass.OBSERVATION) {
            int number = event.iommu();
            if (!machine.hasIommu(number)) {
                findings.notComparable();
                return;
            }
            if (isPredicted(kind) && number != predictions.iommu()) {
                String input = Integer.toString(predictions.iommu());
                findings.unpredicted(kind.label(), "iommu", Integer.toString(number), input);
                return;
            }
        }
        switch (kind) {
            case GAP -> gap();
            case SESSION_END -> end(event);
            case MMIO_READ_VALUE -> registerValue(event);
            case COMMAND_CONSUMED -> command(event);
            case TRANSLATION -> translations.compare(event);
            case LOG_ENTRY -> logEntry(event);
            case COMPLETION_STORE -> completionStore(event);
            case INTERRUPT_DELIVERED -> interrupts.compare(event);
            case PAGE_RESPONSE -> pageResponse(event);
            case VM_EXIT -> findings.notComparable();
            case STATE_HASH -> stateHash(event);
            default -> {}
        }
    }

    /**
     * What was predicted and not observed, when the next input comes or the trace ends. Only kinds of which the source
     * promises to miss none can diverge; the others are forgotten.
     */
    void settle() {
        if (predictions.areWaiting()) {
            settleWaiting();
        }
    }

    private void settleWaiting() {
        unobserved(predictions.commands, "CommandConsumed", commandsObserved, p -> "command at " + hex(p.number));
        unobserved(predictions.guestCommands, "CommandConsumed", commandsObserved, p -> "command at " + hex(p.number));
        for (Prediction p = predictions.translations.poll(); p != null; p = predictions.translations.poll()) {
            faults.decided(p, false);
            if (translationsObserved && TranslationVerifier.isDecided(p)) {
                findings.unobserved(p, "Translation", p.translation + " of " + hex(p.address));
            }
        }
        for (Prediction p = predictions.interrupts.poll(); p != null; p = predictions.interrupts.poll()) {
            if (interruptsObserved && Outcomes.isDecided(p.interrupt)) {
                findings.unobserved(p, "InterruptDelivered", p.interrupt + " " + hex(p.result));
            }
        }
        String interrupt = "InterruptDelivered";
        unobserved(predictions.ownInterrupts, interrupt, ownInterruptsObserved, p -> "interrupt of the IOMMU");
        unobserved(predictions.guestInterrupts, interrupt, ownInterruptsObserved, p -> "interrupt of a guest");
        unobserved(predictions.logEntries, "LogEntry", logEntriesObserved, Verifier::qwords);
        unobserved(predictions.guestLogEntries, "LogEntry", logEntriesObserved, Verifier::qwords);
        unobserved(
                predictions.pageResponses,
                "PageResponse",
                pageResponsesObserved,
                p -> hex(p.number2) + " for group " + hex(p.number));
        unobserved(predictions.completionStores, "CompletionStore", completionStoresObserved, Verifier::store);
        unobserved(predictions.guestCompletionStores, "CompletionStore", completionStoresObserved, Verifier::store);
    }

    private void unobserved(
            PredictionQueue queue, String kind, boolean isObserved, Function<Prediction, String> describe) {
        for (Prediction p = queue.poll(); p != null; p = queue.poll()) {
            if (isObserved) {
                findings.unobserved(p, kind, describe.apply(p));
            }
        }
    }

    private static String qwords(Prediction p) {
        return hex(p.qword0) + " " + hex(p.qword1);
    }

    private static String store(Prediction p) {
        return hex(p.qword0) + " at " + hex(p.address);
    }

    /** Events are missing: what was predicted may have been observed, and what is observed may not be predicted. */
    private void gap() {
        forget();
    }

    /** Refused requests count; all else that was predicted is not compared with anything. */
    void forget() {
        for (Prediction p = predictions.translations.poll(); p != null; p = predictions.translations.poll()) {
            faults.decided(p, false);
        }
        predictions.undecided();
    }

    /** A recording that was cut, by a full disk or with its machine, may lack what its last input caused. */
    private void end(EventView event) {
        sessionEnd.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        switch (sessionEnd.reason()) {
            case CLEAN, SOURCE_ENDED -> {}
            default -> gap();
        }
    }

    /** The trace has no end: its recorder died, perhaps between an input and what it caused. */
    void cut() {
        gap();
    }

    /** Whether observations of a kind are what the last input caused. */
    private static boolean isPredicted(EventKind kind) {
        return kind != EventKind.VM_EXIT && kind != EventKind.MMIO_READ_VALUE;
    }

    private void registerValue(EventView event) {
        registerValue.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int size = registerValue.size();
        int offset = (int) registerValue.registerOffset();
        long mask = size >= Long.BYTES ? -1L : (1L << 8 * size) - 1;
        long predicted;
        if (registerValue.report() == RegisterReport.READ
                && applier.hasRead(event.iommu(), registerValue.space(), offset, size)) {
            predicted = applier.readValue();
        } else if (registerValue.space() != MmioSpace.HOST) {
            findings.notComparable();
            return;
        } else {
            predicted = machine.iommu(event.iommu()).register(offset & ~7) >>> 8 * (offset & 7);
        }
        long recorded = registerValue.value();
        if ((recorded & mask) == (predicted & mask)) {
            findings.matched();
        } else {
            findings.diverge("MmioReadValue", "register " + hex(offset), hex(recorded & mask), hex(predicted & mask));
        }
    }

    private void command(EventView event) {
        command.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        boolean isHost = event.guest() < 0;
        Prediction p = isHost ? predictions.commands.poll() : predictions.guestCommands.poll();
        String kind = "CommandConsumed";
        if (p == null) {
            findings.unpredicted(kind, "command", "taken at " + hex(command.ringHead()), "none");
            return;
        }
        if (p.guest != event.guest()) {
            findings.diverge(kind, "guest", Integer.toString(event.guest()), Integer.toString(p.guest));
        } else if (isHost && command.ringBase() != p.address) {
            findings.diverge(kind, "ringBase", hex(command.ringBase()), hex(p.address));
        } else if (command.ringHead() != p.number) {
            findings.diverge(kind, "ringHead", hex(command.ringHead()), hex(p.number));
        } else if (command.ringTail() != p.number2) {
            findings.diverge(kind, "ringTail", hex(command.ringTail()), hex(p.number2));
        } else if (p.recorded && ((command.qword0() ^ p.qword0) & command.qword0Known()) != 0) {
            findings.diverge(kind, "qword0", known(command.qword0(), command.qword0Known()), hex(p.qword0));
        } else if (p.recorded && ((command.qword1() ^ p.qword1) & command.qword1Known()) != 0) {
            findings.diverge(kind, "qword1", known(command.qword1(), command.qword1Known()), hex(p.qword1));
        } else {
            findings.matched();
        }
    }

    private static String known(long value, long mask) {
        return hex(value) + " (known bits " + hex(mask) + ")";
    }

    private void logEntry(EventView event) {
        logEntry.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        boolean isHost = event.guest() < 0;
        Prediction p = isHost ? predictions.logEntries.poll() : predictions.guestLogEntries.poll();
        String kind = "LogEntry";
        if (p == null) {
            findings.unpredicted(kind, "entry", hex(logEntry.qword0()), "none");
        } else if (p.guest != event.guest()) {
            findings.diverge(kind, "guest", Integer.toString(event.guest()), Integer.toString(p.guest));
        } else if (logEntry.log().ordinal() != p.number) {
            findings.diverge(kind, "log", logEntry.log().toString(), LogKind.values()[p.number].toString());
        } else if (logEntry.ringOffset() != OFFSET_UNKNOWN && (int) logEntry.ringOffset() != p.number2) {
            findings.diverge(kind, "ringOffset", hex(logEntry.ringOffset()), hex(p.number2));
        } else if (((logEntry.qword0() ^ p.qword0) & logEntry.qword0Known()) != 0) {
            findings.diverge(kind, "qword0", known(logEntry.qword0(), logEntry.qword0Known()), hex(p.qword0));
        } else if (((logEntry.qword1() ^ p.qword1) & logEntry.qword1Known()) != 0) {
            findings.diverge(kind, "qword1", known(logEntry.qword1(), logEntry.qword1Known()), hex(p.qword1));
        } else {
            findings.matched();
        }
    }

    private void completionStore(EventView event) {
        completionStore.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        boolean isHost = event.guest() < 0;
        Prediction p = isHost ? predictions.completionStores.poll() : predictions.guestCompletionStores.poll();
        String kind = "CompletionStore";
        if (p == null) {
            findings.unpredicted(kind, "store", hex(completionStore.address()), "none");
        } else if (p.guest != event.guest()) {
            findings.diverge(kind, "guest", Integer.toString(event.guest()), Integer.toString(p.guest));
        } else if (completionStore.address() != p.address) {
            findings.diverge(kind, "address", hex(completionStore.address()), hex(p.address));
        } else if (completionStore.data() != p.qword0) {
            findings.diverge(kind, "data", hex(completionStore.data()), hex(p.qword0));
        } else {
            findings.matched();
        }
    }

    /** Translations that the recorded tables do not decide. */
    long undecidedTranslations() {
        return translations.undecided();
    }

    void undecidedTranslations(long count) {
        translations.undecided(count);
    }

    private void pageResponse(EventView event) {
        pageResponse.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        Prediction p = predictions.pageResponses.poll();
        String kind = "PageResponse";
        if (p == null) {
            findings.unpredicted(kind, "response", hex(pageResponse.group()), "none");
        } else if (pageResponse.requester() != p.requester) {
            findings.diverge(kind, "requester", EventTable.bdf(pageResponse.requester()), EventTable.bdf(p.requester));
        } else if (pageResponse.group() != p.number) {
            findings.diverge(kind, "group", hex(pageResponse.group()), hex(p.number));
        } else if (pageResponse.code() != p.number2) {
            findings.diverge(kind, "code", hex(pageResponse.code()), hex(p.number2));
        } else if (Applier.pasidOf((int) pageResponse.pasid()) != p.pasid) {
            findings.diverge(kind, "pasid", hex(pageResponse.pasid()), hex(p.pasid));
        } else {
            findings.matched();
        }
    }

    private void stateHash(EventView event) {
        stateHash.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (!stateHash.profile().equals(machine.profile())) {
            findings.notComparable();
        } else if (stateHash.hash() == machine.stateHash()) {
            findings.matched();
        } else {
            findings.diverge("StateHash", "hash", hex(stateHash.hash()), hex(machine.stateHash()));
        }
    }
}
