package org.iorewind.model.iommu.counter;

/**
 * Registers of the performance counters (reference 1.12). Bit 31 of the source and the fields of the report are this
 * model's choice (MC-91, MC-92).
 *
 * <pre>
 *   4000h  configuration, read-only: 17:12 number of banks, 10:7 counters per bank
 *   4008h  PASID lock   4010h  domain lock   4018h  device lock: one bit for each bank
 *
 *   40000h + bank &lt;&lt; 12 + counter &lt;&lt; 8 +
 *        63           48 47                                                       0
 *   00h ┌───────────────┬──────────────────────────────────────────────────────────┐
 *       │   reserved    │                        counter                           │
 *   08h ├───────────────┴──────────────────────────┬──┬──────────────────┬─────────┤
 *       │   reserved                               │31│     reserved     │ CSOURCE │
 *   10h ├───────────────┬──────────────────────────┼──┼──────────────────┴─────────┤
 *       │   reserved    │ mask, 20 bits            │En│ PASID, 20 bits             │
 *   18h ├───────────────┼──────────────────────────┼──┼────────────────────────────┤
 *       │   reserved    │ mask, 16 bits            │En│ DomainID, 16 bits          │
 *   20h ├───────────────┼──────────────────────────┼──┼────────────────────────────┤
 *       │   reserved    │ mask, 16 bits            │En│ DeviceID, 16 bits          │
 *   28h ├──┬────────────┴───┬──────────────────────┴──┴────────────────────────────┤
 *       │En│   reserved     │ CounterNote, 52 bits                                 │
 *       └──┴────────────────┴──────────────────────────────────────────────────────┘
 * </pre>
 */
public final class CounterDescriptor {
    /** Configuration. */
    public static final int CONFIGURATION = 0x4000;
    /** Bank lock of PASID match registers. */
    public static final int PASID_LOCK = 0x4008;
    /** Bank lock of domain match registers. */
    public static final int DOMAIN_LOCK = 0x4010;
    /** Bank lock of device match registers. */
    public static final int DEVICE_LOCK = 0x4018;
    /** First register of the first bank. */
    public static final int BANKS = 0x4_0000;
    /** Size in bytes of the register window with performance counters. */
    public static final int WINDOW_BYTES = 0x8_0000;

    /** The counter itself. */
    public static final int FUNCTION_COUNTER = 0;
    /** Source. */
    public static final int FUNCTION_SOURCE = 1;
    /** PASID match. */
    public static final int FUNCTION_PASID = 2;
    /** Domain match. */
    public static final int FUNCTION_DOMAIN = 3;
    /** Device match. */
    public static final int FUNCTION_DEVICE = 4;
    /** Report. */
    public static final int FUNCTION_REPORT = 5;
    /** Registers of each counter. */
    public static final int FUNCTIONS = 6;

    /** Bits of a counter. */
    public static final long COUNTER_MASK = (1L << 48) - 1;
    /** CSOURCE. */
    public static final long SOURCE_MASK = 0xFF;
    /** Report register: a wrapped counter is reported. */
    public static final long REPORT_EN = 1L << 63;
    /** Report register: CounterNote. */
    public static final long NOTE_MASK = (1L << 52) - 1;

    private static final int PER_BANK_SHIFT = 7;
    private static final int NUMBER_OF_BANKS_SHIFT = 12;
    private static final int BANK_SHIFT = 12;
    private static final int COUNTER_SHIFT = 8;
    private static final long MATCH_EN = 1L << 31;
    private static final long PASID_BITS = 0xF_FFFF;
    private static final long ID_BITS = 0xFFFF;

    private CounterDescriptor() {}

    /** Contents of 4000h. */
    public static long configuration(int banks, int perBank) {
        return (long) banks << NUMBER_OF_BANKS_SHIFT | (long) perBank << PER_BANK_SHIFT;
    }

    /** Bank of a register at or above {@link #BANKS}, 0 to 63. */
    public static int bank(int register) {
        return register - BANKS >>> BANK_SHIFT;
    }

    /** Counter within its bank, 0 to 15. */
    public static int counter(int register) {
        return register >>> COUNTER_SHIFT & 0xF;
    }

    /** Number of the register within its counter, 0 to 31; {@link #FUNCTIONS} and above do not exist. */
    public static int function(int register) {
        return (register & (1 << COUNTER_SHIFT) - 1) >>> 3;
    }

    /** Bits that take writes in the register of a function below {@link #FUNCTIONS}. */
    public static long writable(int function) {
        return switch (function) {
            case FUNCTION_COUNTER -> COUNTER_MASK;
            case FUNCTION_SOURCE -> SOURCE_MASK | MATCH_EN;
            case FUNCTION_PASID -> PASID_BITS << Integer.SIZE | MATCH_EN | PASID_BITS;
            case FUNCTION_DOMAIN, FUNCTION_DEVICE -> ID_BITS << Integer.SIZE | MATCH_EN | ID_BITS;
            default -> REPORT_EN | NOTE_MASK;
        };
    }

    /**
     * Whether a match register lets an event through: it is off, or those bits of the id that the mask names are the
     * value's.
     *
     * @param register the match register
     * @param id of the event, negative when it has none, which no enabled register lets through (MC-93)
     */
    public static boolean matches(long register, int id) {
        if ((register & MATCH_EN) == 0) {
            return true;
        }
        return id >= 0 && ((register ^ id) & register >>> Integer.SIZE & PASID_BITS) == 0;
    }
}
