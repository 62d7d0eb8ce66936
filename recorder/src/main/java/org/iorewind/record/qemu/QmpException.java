package org.iorewind.record.qemu;

import java.io.IOException;
import java.io.Serial;

/** QEMU's monitor refused a command, or is gone. */
public final class QmpException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    QmpException(String message) {
        super(message);
    }
}
