package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.InvalidRequestDescriptor;

/**
 * Why a request is reported as INVALID_DEVICE_REQUEST, and the type that the event shows (reference 4.3). A device that may
 * not ask for translations is told "unsupported request", a range that has none "completer abort" (MC-151).
 */
public enum InvalidRequest {
    /** Read or non-posted write in an interrupt range. */
    INTERRUPT_READ(InvalidRequestDescriptor.INTERRUPT_RANGE_READ, "the interrupt ranges cannot be read"),
    /** Translated request of a device that may not send any. */
    PRETRANSLATED(InvalidRequestDescriptor.PRETRANSLATED, "the device may not send translated requests"),
    /** Port I/O space, IoCtl=00b. */
    PORT_IO(InvalidRequestDescriptor.PORT_IO, "IoCtl of the device table entry forbids port I/O space"),
    /** Posted write to the system management range, SysMgt=00b. */
    SYSTEM_MANAGEMENT_WRITE(
            InvalidRequestDescriptor.SYSTEM_MANAGEMENT_WRITE,
            "SysMgt of the device table entry forbids system management messages"),
    /** Read or non-posted write in the system management range, unless SysMgt=11b. */
    SYSTEM_MANAGEMENT_READ(
            InvalidRequestDescriptor.SYSTEM_MANAGEMENT_READ, "the system management range cannot be read"),
    /** Posted write to the HyperTransport interrupt range, IntCtl=00b. */
    INTERRUPT_WRITE(InvalidRequestDescriptor.INTERRUPT_WRITE, "IntCtl of the device table entry forbids interrupts"),
    /** Posted write to a reserved interrupt range. */
    RESERVED_INTERRUPT_WRITE(InvalidRequestDescriptor.RESERVED_INTERRUPT_RANGE, "the interrupt range is reserved"),
    /** System management range, SysMgt=11b, TV=0. */
    SYSTEM_MANAGEMENT_UNTRANSLATED(
            InvalidRequestDescriptor.SYSTEM_MANAGEMENT_ADDRESS, "SysMgt asks for a translation, but TV=0"),
    /** Translation request for a range without translations. */
    UNTRANSLATABLE(
            InvalidRequestDescriptor.TRANSLATION_RANGE,
            AtsStatus.COMPLETER_ABORT,
            TranslationDecision.ABORTED,
            "the range has no translations"),
    /** Translation request of a device that may not ask. */
    ATS_NOT_ALLOWED(
            InvalidRequestDescriptor.TRANSLATION_DISABLED,
            AtsStatus.UNSUPPORTED_REQUEST,
            TranslationDecision.ABORTED,
            "the device may not ask for translations"),
    /** Translation request of a device beyond the device table. */
    DEVICE_ID_OUT_OF_RANGE(
            InvalidRequestDescriptor.TRANSLATION_DEVICE,
            AtsStatus.UNSUPPORTED_REQUEST,
            TranslationDecision.DEVICE_OUT_OF_TABLE,
            "the device table is too short for this DeviceID");

    private final int flags;
    private final int type;
    private final AtsStatus status;
    private final TranslationDecision decision;
    private final String text;

    InvalidRequest(int type, String text) {
        this.flags = 0;
        this.type = type;
        this.status = AtsStatus.COMPLETER_ABORT;
        this.decision = TranslationDecision.ABORTED;
        this.text = text;
    }

    InvalidRequest(int type, AtsStatus status, TranslationDecision decision, String text) {
        this.flags = EventDescriptor.FLAG_TR;
        this.type = type;
        this.status = status;
        this.decision = decision;
        this.text = text;
    }

    /** TR, for translation requests. */
    public int flags() {
        return flags;
    }

    /** The type, 3 bits, whose meaning depends on TR. */
    public int type() {
        return type;
    }

    /** What the device is told, when it asked for a translation. */
    public AtsStatus status() {
        return status;
    }

    /** What becomes of the request. */
    public TranslationDecision decision() {
        return decision;
    }

    /** A short sentence for people. */
    public String text() {
        return text;
    }
}
