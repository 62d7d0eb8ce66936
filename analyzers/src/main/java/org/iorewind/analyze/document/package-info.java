/**
 * A report as a document: what it says, apart from how it looks. Two writers give it a form.
 *
 * <pre>
 *     Document ── Section ── Block   (paragraph, table, list, chain, picture, timeline ...)
 *                               │
 *              ┌────────────────┼──────────────────┐
 *              ▼                ▼                  ▼
 *         HtmlDocument   MarkdownDocument      SvgFiles
 *              │                │                  │
 *         HtmlWriter       MarkdownText        SvgCanvas     (the only places that escape)
 * </pre>
 *
 * <p>Every string of a document may come from a stranger's trace. Whoever builds one hands over plain text; each writer
 * takes away what could act in its form.
 */
@NullMarked
package org.iorewind.analyze.document;

import org.jspecify.annotations.NullMarked;
