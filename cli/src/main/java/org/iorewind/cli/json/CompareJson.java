package org.iorewind.cli.json;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostTable;
import org.iorewind.analyze.cost.UnitCost;
import org.iorewind.analyze.cost.UnitCosts;
import org.jspecify.annotations.Nullable;

/** Counts and costs of several traces. */
public final class CompareJson {
    private CompareJson() {}

    /**
     * Writes the comparison into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, CostComparison comparison) throws IOException {
        document.json().writeArrayFieldStart("traces");
        for (CostComparison.Column column : comparison.columns()) {
            document.json().writeStartObject();
            document.text("trace", column.name()).number("divergences", column.divergences());
            document.number("faults", column.faults());
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
        List<CostTable> tables = comparison.tables();
        rows(document, comparison, "operations", CostTable.order(tables), CostTable::operations);
        rows(document, comparison, "workloads", CostTable.workloads(tables), CostTable::workloads);
        document.json().writeArrayFieldStart("unitCosts");
        for (UnitCost cost : comparison.costs().all()) {
            document.json().writeStartObject();
            document.text("counter", cost.counter().key());
            document.json().writeNumberField("ns", cost.ns());
            document.text("source", cost.source()).text("confidence", cost.confidence());
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }

    private static void rows(
            JsonDocument document,
            CostComparison comparison,
            String name,
            List<String> order,
            Function<CostTable, SortedMap<String, CostRow>> rowsOf)
            throws IOException {
        document.json().writeArrayFieldStart(name);
        for (String key : order) {
            document.json().writeStartObject();
            document.text("name", key);
            document.json().writeArrayFieldStart("traces");
            for (CostTable table : comparison.tables()) {
                @Nullable CostRow found = rowsOf.apply(table).get(key);
                document.json().writeStartObject();
                row(document, comparison.costs(), found == null ? new CostRow() : found);
                document.json().writeEndObject();
            }
            document.json().writeEndArray();
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }

    /** The fields of one row. */
    static void row(JsonDocument document, UnitCosts costs, CostRow row) throws IOException {
        document.number("operations", row.operations());
        document.json().writeObjectFieldStart("counts");
        for (CostCounter counter : CostCounter.values()) {
            if (row.count(counter) != 0) {
                document.number(counter.key(), row.count(counter));
            }
        }
        document.json().writeEndObject();
        document.json().writeNumberField("costNs", row.cost(costs));
    }
}
