package org.iorewind.replay;

import static org.iorewind.replay.Words.hex;

import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.interrupt.RemappedMessage;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.InterruptDeliveredDecoder;
import org.iorewind.trace.sbe.InterruptOutcome;

/** Compares delivered interrupts with predictions: those of devices, and those the IOMMU raises itself. */
final class InterruptVerifier {
    private static final int CONTROL = 0x18;
    /** Control[XTEn]: interrupt table entries name 32-bit destinations. Reference 1.5. */
    private static final long X2APIC_ENABLE = 1L << 50;

    private static final int SHORT_ENTRY = 4;
    private static final int LONG_ENTRY = 16;

    private final Machine machine;
    private final Predictions predictions;
    private final Findings findings;
    private final InterruptDeliveredDecoder interrupt = new InterruptDeliveredDecoder();

    InterruptVerifier(Machine machine, Predictions predictions, Findings findings) {
        this.machine = machine;
        this.predictions = predictions;
        this.findings = findings;
    }

    /** Compares one {@code InterruptDelivered}. */
    void compare(EventView event) {
        interrupt.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (interrupt.outcome() == InterruptOutcome.IOMMU_OWN) {
            if (event.guest() < 0) {
                ownInterrupt();
            } else {
                guestInterrupt(event.guest());
            }
            return;
        }
        Prediction p = predictions.interrupts.poll();
        String kind = "InterruptDelivered";
        if (p == null) {
            findings.unpredicted(kind, "request", interrupt.outcome().toString(), "no interrupt request before it");
            return;
        }
        if (p.interrupt == InterruptDecision.NOT_RECORDED) {
            observedEntry(p);
            return;
        }
        if (p.interrupt == InterruptDecision.NOT_MODELLED) {
            findings.notComparable();
            return;
        }
        InterruptOutcome predicted = Outcomes.of(p.interrupt);
        boolean isMessage = predicted == InterruptOutcome.REMAPPED || predicted == InterruptOutcome.PASSED;
        if (interrupt.outcome() != predicted) {
            findings.diverge(kind, "outcome", interrupt.outcome().toString(), p.interrupt.toString());
        } else if (isMessage && interrupt.address() != p.result) {
            findings.diverge(kind, "address", hex(interrupt.address()), hex(p.result));
        } else if (isMessage && (int) interrupt.data() != p.number2) {
            findings.diverge(kind, "data", hex(interrupt.data()), hex(p.number2 & 0xFFFF_FFFFL));
        } else if (interrupt.irteKnown() != 0 && p.bytes != 0 && interrupt.irteAddress() != p.irteAddress) {
            findings.diverge(kind, "irteAddress", hex(interrupt.irteAddress()), hex(p.irteAddress));
        } else if (interrupt.irteKnown() != 0 && p.bytes != 0 && interrupt.irteLow() != p.qword0) {
            findings.diverge(kind, "irteLow", hex(interrupt.irteLow()), hex(p.qword0));
        } else if (interrupt.irteKnown() != 0 && p.bytes != 0 && interrupt.irteHigh() != p.qword1) {
            findings.diverge(kind, "irteHigh", hex(interrupt.irteHigh()), hex(p.qword1));
        } else {
            findings.matched();
        }
    }

    private void ownInterrupt() {
        if (predictions.ownInterrupts.poll() != null) {
            findings.matched();
        } else {
            findings.unpredicted("InterruptDelivered", "own interrupt", "raised", "none");
        }
    }

    private void guestInterrupt(int guest) {
        Prediction p = predictions.guestInterrupts.poll();
        String kind = "InterruptDelivered";
        if (p == null) {
            findings.unpredicted(kind, "interrupt of a guest", "raised for " + guest, "none");
        } else if (p.guest != guest) {
            findings.diverge(kind, "guest", Integer.toString(guest), Integer.toString(p.guest));
        } else if ((int) interrupt.data() != p.number) {
            findings.diverge(kind, "data", hex(interrupt.data()), hex(p.number));
        } else {
            findings.matched();
        }
    }

    /** The table is not recorded, but the source says which entry the device used: then the message can be predicted. */
    private void observedEntry(Prediction p) {
        int bytes = interrupt.irteKnown();
        if (interrupt.outcome() != InterruptOutcome.REMAPPED || bytes != SHORT_ENTRY && bytes != LONG_ENTRY) {
            findings.notComparable();
            return;
        }
        IommuOptions options = machine.iommu(p.iommu).options();
        long low = interrupt.irteLow();
        long high = interrupt.irteHigh();
        boolean isSupported = (options.extendedFeatures() & FeatureDescriptor.XT) != 0;
        boolean isEnabled = (machine.iommu(p.iommu).register(CONTROL) & X2APIC_ENABLE) != 0;
        boolean isWide = options.quirks().interrupts().takesWideDestination(isSupported, isEnabled);
        long address = RemappedMessage.deliveredAddress(options, bytes, low, high, isWide, p.address);
        int data = RemappedMessage.deliveredData(options, bytes, low, high, p.number);
        if (interrupt.address() != address) {
            findings.diverge("InterruptDelivered", "address", hex(interrupt.address()), hex(address));
        } else if ((int) interrupt.data() != data) {
            findings.diverge("InterruptDelivered", "data", hex(interrupt.data()), hex(data & 0xFFFF_FFFFL));
        } else {
            findings.matched();
        }
    }
}
