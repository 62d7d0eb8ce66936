/**
 * Traces and analyses in the formats of other tools.
 *
 * <pre>
 *     trace ─────▶ EventTables ──┐               ┌──▶ CsvWriter
 *                                ├─▶ TableWriter ┤
 *     Analysis ──▶ AnalysisTables┘               └──▶ ParquetWriter ── ThriftWriter
 *
 *     replay ────▶ PerfettoExport ── ProtobufWriter
 * </pre>
 *
 * <p>Everything is written as it comes: memory does not grow with the trace. The same trace gives the same bytes.
 */
@NullMarked
package org.iorewind.analyze.export;

import org.jspecify.annotations.NullMarked;
