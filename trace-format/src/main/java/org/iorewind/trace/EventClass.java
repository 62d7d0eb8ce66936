package org.iorewind.trace;

/** The three kinds of event that must never be mixed up, and the book-keeping around them. */
public enum EventClass {
    /** Changes the state of the IOMMU; replay applies it. */
    INPUT("input"),
    /** What the recorded system did; replay compares it with what the model did. */
    OBSERVATION("observation"),
    /** Explains; replay shows it. */
    MARKER("marker"),
    /** Verifies, seeks, counts. */
    BOOK_KEEPING("book-keeping");

    private final String label;

    EventClass(String label) {
        this.label = label;
    }

    /** The name used in the schema's {@code semanticType} and in printed tables. */
    public String label() {
        return label;
    }
}
