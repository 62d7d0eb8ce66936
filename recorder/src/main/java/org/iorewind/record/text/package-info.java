/**
 * Lines of text from a file, a gzip or zstd file, or standard input, in bounded memory.
 *
 * <pre>
 *   path ──▶ TextSource.open ──▶ (gzip | zstd | plain, by the first bytes) ──▶ nextLine()
 * </pre>
 */
@NullMarked
package org.iorewind.record.text;

import org.jspecify.annotations.NullMarked;
