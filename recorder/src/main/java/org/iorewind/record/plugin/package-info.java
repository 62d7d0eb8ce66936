/**
 * Importers of other people: formats that this house does not know.
 *
 * <pre>
 *     META-INF/services ──▶ Importers.load() ──▶ Importer ──▶ iorewind import NAME FILE... -o TRACE
 * </pre>
 */
@NullMarked
package org.iorewind.record.plugin;

import org.jspecify.annotations.NullMarked;
