package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.iorewind.analyze.performance.Distribution;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.trace.schema.EventTable;

/** The traffic of a recording. */
final class PerformanceJson {
    private PerformanceJson() {}

    static void write(JsonDocument document, Performance all) throws IOException {
        JsonGenerator json = document.json();
        json.writeObjectFieldStart("performance");
        document.number("spanNs", all.spanNs());
        json.writeArrayFieldStart("operations");
        for (Performance.Operation each : all.operations()) {
            json.writeStartObject();
            document.text("name", each.name()).number("count", each.count()).number("bytes", each.bytes());
            document.text("filter", each.filter());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("commands");
        for (Performance.Command each : all.commands()) {
            json.writeStartObject();
            document.text("name", each.name()).number("count", each.count()).text("filter", each.filter());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("ring");
        Performance.Ring ring = all.ring();
        document.number("doorbells", ring.doorbells()).number("commands", ring.commands());
        document.number("waits", ring.waits()).text("filter", ring.filter());
        distribution(document, "occupancy", ring.occupancy());
        distribution(document, "waitNs", ring.waitNs());
        json.writeEndObject();
        tables(document, all);
        reuse(document, all.reuse());
        devices(document, all);
        json.writeArrayFieldStart("windows");
        for (Performance.Window window : all.windows()) {
            json.writeStartObject();
            document.text("id", window.id()).text("name", window.name());
            distribution(document, "ns", window.ns());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void distribution(JsonDocument document, String name, Distribution values) throws IOException {
        document.json().writeObjectFieldStart(name);
        document.number("count", values.count()).number("median", values.median());
        document.number("p90", values.p90()).number("p99", values.p99());
        document.number("largest", values.largest()).number("largestAt", values.largestAt());
        document.json().writeArrayFieldStart("buckets");
        for (Distribution.Bucket bucket : values.buckets()) {
            document.json().writeStartObject();
            document.number("from", bucket.from()).number("to", bucket.to()).number("count", bucket.count());
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
        document.json().writeEndObject();
    }

    private static void tables(JsonDocument document, Performance all) throws IOException {
        JsonGenerator json = document.json();
        json.writeArrayFieldStart("caches");
        for (Performance.Cache each : all.caches()) {
            json.writeStartObject();
            document.text("name", each.name()).number("hits", each.hits()).number("misses", each.misses());
            document.number("hitEvents", each.hitEvents()).number("missEvents", each.missEvents());
            document.text("hitFilter", each.hitFilter()).text("missFilter", each.missFilter());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("walkReads");
        for (Performance.WalkReads each : all.walkReads()) {
            json.writeStartObject();
            document.text("table", each.table()).number("level", each.level());
            document.number("reads", each.reads()).number("requests", each.requests());
            document.number("events", each.events()).text("filter", each.filter());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("pageSizes");
        for (Performance.PageSize each : all.pageSizes()) {
            json.writeStartObject();
            document.number("bytes", 1L << Math.min(each.shift(), 62)).number("requests", each.requests());
            document.number("events", each.events()).text("filter", each.filter());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void reuse(JsonDocument document, Performance.Reuse reuse) throws IOException {
        JsonGenerator json = document.json();
        json.writeObjectFieldStart("reuse");
        distribution(document, "distances", reuse.distances());
        document.number("firstUses", reuse.firstUses());
        json.writeArrayFieldStart("hitsAt");
        for (Performance.Capacity each : reuse.hitsAt()) {
            json.writeStartObject();
            document.number("entries", each.entries()).number("hits", each.hits());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void devices(JsonDocument document, Performance all) throws IOException {
        JsonGenerator json = document.json();
        json.writeArrayFieldStart("devices");
        for (Performance.Device each : all.devices()) {
            json.writeStartObject();
            document.number("iommu", each.iommu()).text("device", EventTable.bdf(each.device()));
            document.number("requests", each.requests()).number("hits", each.hits());
            document.number("refused", each.refused()).number("walkReads", each.walkReads());
            document.number("pages", each.pages()).number("sliceNs", each.sliceNs());
            json.writeArrayFieldStart("workingSet");
            for (int count : each.workingSet()) {
                json.writeNumber(count);
            }
            json.writeEndArray();
            document.text("filter", each.filter());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("domains");
        for (Performance.Domain each : all.domains()) {
            json.writeStartObject();
            document.number("iommu", each.iommu()).number("domain", each.domain());
            document.number("requests", each.requests()).number("invalidations", each.invalidations());
            document.text("filter", each.filter());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
