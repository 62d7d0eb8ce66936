package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.interrupt.RemappedMessage;

/** Points of the interrupt procedure. */
public interface InterruptRules {
    /** Reference 8.2 to 8.7. */
    InterruptRules SPECIFIED = new InterruptRules() {
        @Override
        public boolean isActive(boolean isEnabled, long deviceTableBase) {
            return isEnabled;
        }

        @Override
        public boolean isRemappable(long address) {
            return true;
        }

        @Override
        public long forwardedAddress(long address) {
            return address;
        }

        @Override
        public int forwardedData(int data) {
            return data;
        }

        @Override
        public boolean hasIndex(int index, int lengthCode) {
            return index < 1 << lengthCode;
        }

        @Override
        public boolean hasLength(int lengthCode, int mostLengthCode) {
            return lengthCode <= mostLengthCode;
        }

        @Override
        public boolean passesSystemManagement() {
            return true;
        }

        @Override
        public boolean reportsFaults() {
            return true;
        }

        @Override
        public boolean hasGuestMode() {
            return true;
        }

        @Override
        public long checkedReservedBits(long reserved) {
            return reserved;
        }

        @Override
        public boolean takesWideDestination(boolean isSupported, boolean isEnabled) {
            return isSupported && isEnabled;
        }

        @Override
        public long address(RemappedMessage message, long requestAddress) {
            return message.specifiedAddress(requestAddress);
        }

        @Override
        public int data(RemappedMessage message, int requestData) {
            return message.specifiedData(requestData);
        }
    };

    /** QEMU (Q-INT-1 to Q-INT-7, Q-INT-10). */
    InterruptRules QEMU = new InterruptRules() {
        private static final long MESSAGE_BASE = 0xFEE0_0000L;
        private static final int MESSAGE_SHIFT = 20;
        private static final int LEVEL = 0x4000;

        @Override
        public boolean isActive(boolean isEnabled, long deviceTableBase) {
            return isEnabled || deviceTableBase != 0;
        }

        @Override
        public boolean isRemappable(long address) {
            return address >>> MESSAGE_SHIFT == MESSAGE_BASE >>> MESSAGE_SHIFT;
        }

        @Override
        public long forwardedAddress(long address) {
            return MESSAGE_BASE;
        }

        @Override
        public int forwardedData(int data) {
            return LEVEL;
        }

        @Override
        public boolean hasIndex(int index, int lengthCode) {
            return true;
        }

        @Override
        public boolean hasLength(int lengthCode, int mostLengthCode) {
            return true;
        }

        @Override
        public boolean passesSystemManagement() {
            return false;
        }

        @Override
        public boolean reportsFaults() {
            return false;
        }

        @Override
        public boolean hasGuestMode() {
            return false;
        }

        @Override
        public long checkedReservedBits(long reserved) {
            return 0;
        }

        @Override
        public boolean takesWideDestination(boolean isSupported, boolean isEnabled) {
            return isSupported;
        }

        @Override
        public long address(RemappedMessage message, long requestAddress) {
            return message.assembledAddress();
        }

        @Override
        public int data(RemappedMessage message, int requestData) {
            return message.assembledData();
        }
    };

    /** Whether messages are looked at, given IommuEn and the device table base; otherwise they pass. */
    boolean isActive(boolean isEnabled, long deviceTableBase);

    /** Whether a message at this address can be remapped; otherwise it is refused. */
    boolean isRemappable(long address);

    /** Address of a message forwarded by IntCtl=01b. */
    long forwardedAddress(long address);

    /** Data of a message forwarded by IntCtl=01b. */
    int forwardedData(int data);

    /** Whether the table has an entry of this index. */
    boolean hasIndex(int index, int lengthCode);

    /** Whether IntTabLen is legal. */
    boolean hasLength(int lengthCode, int mostLengthCode);

    /** Whether SMI messages are forwarded. */
    boolean passesSystemManagement();

    /** Whether refused interrupts are reported to the event log. */
    boolean reportsFaults();

    /** Whether entries with GuestMode=1 mean anything. */
    boolean hasGuestMode();

    /** Which of an entry's reserved bits are checked. */
    long checkedReservedBits(long reserved);

    /** Whether 128-bit entries carry a 32-bit destination: XTSup and XTEn. */
    boolean takesWideDestination(boolean isSupported, boolean isEnabled);

    /** Address of a remapped message. */
    long address(RemappedMessage message, long requestAddress);

    /** Data of a remapped message. */
    int data(RemappedMessage message, int requestData);
}
