package org.iorewind.analyze;

/** Why a request was refused: the conclusion of a fault explanation. Ids are stable. */
public enum Verdict {
    NEVER_MAPPED("never-mapped", "nothing in the recording ever mapped this address for this device"),
    UNMAPPED_BEFORE("unmapped-before", "the address was mapped earlier and had been unmapped when the device used it"),
    MAPPED_ELSEWHERE(
            "mapped-elsewhere",
            "only another address space, which the device had left by then, ever mapped this address"),
    NEVER_TRANSLATED(
            "never-translated",
            "the device was refused, and the recording shows no successful use of this address before"),
    REFUSED_AFTER_USE(
            "refused-after-use", "the address worked for this device earlier in the recording and no longer did"),
    NO_PERMISSION("no-permission", "the address is mapped, but not for this kind of access"),
    WRONG_DEVICE_ENTRY("wrong-device-entry", "the device table entry breaks the rules"),
    BLOCKED_BY_DEFAULT("blocked-by-default", "the device has no domain: its table entry blocks everything"),
    BAD_TABLE_ENTRY("bad-table-entry", "a page table entry on the way breaks the rules"),
    ADDRESS_TOO_WIDE("address-too-wide", "the address is wider than the device's page table covers"),
    RESERVED_RANGE("reserved-range", "the address lies in a range that is never memory"),
    INVALID_REQUEST("invalid-request", "the request itself is not allowed, whatever the tables say of its address"),
    DEVICE_OUT_OF_TABLE("device-out-of-table", "the device table is too short for this device"),
    MODEL_DISAGREES("model-disagrees", "the recorded device refused what the model, by the recorded tables, lets pass"),
    HARDWARE_ERROR("hardware-error", "a table could not be read"),
    CANNOT_TELL("cannot-tell", "the recording holds too little to say why");

    private final String id;
    private final String sentence;

    Verdict(String id, String sentence) {
        this.id = id;
        this.sentence = sentence;
    }

    /** Stable id, as in JSON. */
    public String id() {
        return id;
    }

    /** One sentence for people, lower case, without a full stop. */
    public String sentence() {
        return sentence;
    }
}
