package org.iorewind.model.iommu.quirk;

import static org.iorewind.model.iommu.register.ControlDescriptor.COM_WAIT_INT_EN;
import static org.iorewind.model.iommu.register.ControlDescriptor.EVENT_INT_EN;
import static org.iorewind.model.iommu.register.StatusDescriptor.COM_WAIT_INT;
import static org.iorewind.model.iommu.register.StatusDescriptor.EVENT_LOG_INT;
import static org.iorewind.model.iommu.register.StatusDescriptor.EVENT_LOG_RUN;
import static org.iorewind.model.iommu.register.StatusDescriptor.EVENT_OVERFLOW;
import static org.iorewind.model.iommu.register.StatusDescriptor.EVENT_OVERFLOW_B;

import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.log.Signals;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;

/** When status bits rise and the IOMMU interrupts on its own behalf. */
public interface SignalRules {
    /**
     * Reference 4.5: the bit is always set, the interrupt needs its enable bit, and one message is sent for each rise of
     * the bit (MC-3). An overflow stops the log.
     */
    SignalRules SPECIFIED = new SignalRules() {
        @Override
        public void eventWritten(Signals signals) {
            rise(signals, EVENT_LOG_INT, EVENT_INT_EN, OwnInterrupt.EVENT_LOG);
        }

        @Override
        public void eventOverflow(Signals signals, long overflowBit) {
            signals.clear(EVENT_LOG_RUN);
            rise(signals, overflowBit, EVENT_INT_EN, OwnInterrupt.EVENT_LOG);
        }

        @Override
        public void completionWait(Signals signals) {
            rise(signals, COM_WAIT_INT, COM_WAIT_INT_EN, OwnInterrupt.COMPLETION_WAIT);
        }

        @Override
        public void eventLogEnabled(RegisterFile registers) {
            registers.clear(RegisterDescriptor.STATUS, EVENT_OVERFLOW | EVENT_OVERFLOW_B);
        }

        private void rise(Signals signals, long statusBit, long enableBit, OwnInterrupt source) {
            signals.rise(statusBit, signals.isEnabled(enableBit), source);
        }
    };

    /**
     * QEMU: the event bits rise only with EventIntEn, and each rise or repetition sends a message; a completion wait
     * always does both; an overflow leaves the log running; nothing but software clears it (Q-EVT-5 to Q-EVT-8, Q-CMD-3).
     */
    SignalRules QEMU = new SignalRules() {
        @Override
        public void eventWritten(Signals signals) {
            raiseIfEnabled(signals, EVENT_LOG_INT);
        }

        @Override
        public void eventOverflow(Signals signals, long overflowBit) {
            raiseIfEnabled(signals, overflowBit);
        }

        @Override
        public void completionWait(Signals signals) {
            signals.raise(COM_WAIT_INT);
            signals.interrupt(OwnInterrupt.COMPLETION_WAIT);
        }

        @Override
        public void eventLogEnabled(RegisterFile registers) {
            // EventOverflow waits for a written 1.
        }

        private void raiseIfEnabled(Signals signals, long statusBit) {
            if (signals.isEnabled(EVENT_INT_EN)) {
                signals.raise(statusBit);
                signals.interrupt(OwnInterrupt.EVENT_LOG);
            }
        }
    };

    /** An entry stands in the event log. */
    void eventWritten(Signals signals);

    /** An entry found no place; the bit is EventOverflow, or EventOverflowB when log B was full. */
    void eventOverflow(Signals signals, long overflowBit);

    /** A COMPLETION_WAIT with i=1 is complete. */
    void completionWait(Signals signals);

    /** EventLogEn went from 0 to 1. */
    void eventLogEnabled(RegisterFile registers);
}
