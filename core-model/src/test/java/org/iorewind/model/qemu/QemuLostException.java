package org.iorewind.model.qemu;

/** QEMU ended, or does not answer any more. */
final class QemuLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QemuLostException(String message) {
        super(message);
    }
}
