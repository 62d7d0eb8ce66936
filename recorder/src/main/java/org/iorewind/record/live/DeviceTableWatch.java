package org.iorewind.record.live;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.iorewind.record.qemu.QmpClient;
import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.sbe.InjectedAction;

/**
 * Asks QEMU where the device table is, whenever the guest may have moved it: before 10.2 QEMU does not print the values of
 * register writes. Guests set the table long before the first DMA, so that some milliseconds do not matter.
 */
final class DeviceTableWatch extends Thread {
    private static final long LOOK_MS = 5;
    /** The guest may write the register in two halves; and the read shows up as a line of its own. */
    private static final long SETTLE_MS = 10;

    private final QmpClient qmp;
    private final LiveQemuLog log;
    private final LongConsumer found;
    /** Tells what it finds to the log and to {@code found}. */
    DeviceTableWatch(QmpClient qmp, LiveQemuLog log, LongConsumer found) {
        super("iorewind-device-table");
        this.qmp = qmp;
        this.log = log;
        this.found = found;
        setDaemon(true);
    }

    @Override
    public void run() {
        long handled = 0;
        long known = 0;
        try {
            while (!log.isStopped()) {
                sleep(LOOK_MS);
                if (log.deviceTableTouched() == handled) {
                    continue;
                }
                sleep(SETTLE_MS);
                long value = read();
                sleep(SETTLE_MS);
                handled = log.deviceTableTouched();
                if (value != known) {
                    known = value;
                    tell(value);
                }
            }
        } catch (IOException e) {
            // QEMU has ended, or was asked too late: the tables that are not found are missing in the trace, not wrong
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long read() throws IOException {
        String answer = qmp.human("xp /1gx 0x" + Long.toHexString(QemuLogImport.MMIO_BASE))
                .strip();
        int at = answer.lastIndexOf("0x");
        try {
            return Long.parseUnsignedLong(answer.substring(at + 2), 16);
        } catch (NumberFormatException e) {
            throw new IOException("expected the value of a register, found: " + answer, e);
        }
    }

    private void tell(long value) {
        log.insert(
                LogReceiver.nowUnixNs(),
                writer -> writer.flags(EventFlag.INFERRED)
                        .injected(
                                InjectedAction.FORCE_REGISTER,
                                0,
                                value,
                                0,
                                "base of the device table, read in the monitor"));
        log.deviceTable(value);
        found.accept(value);
    }
}
