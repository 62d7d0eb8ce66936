/**
 * What an analysis says: one document, which is written in several forms, and one text for terminals.
 *
 * <pre>
 *                      Headline   (the verdict in words, the same everywhere)
 *                          |
 *     Analysis ------------+------------> TextReport ------> terminal
 *                          |
 *                          +------------> ReportDocument --> HtmlDocument, MarkdownDocument, SvgFile
 *                                             |
 *        VerdictSection  FaultSection  RuleSection  PerformanceSection  MixSection  ...  CommandSection
 *                            |                          |                  |
 *                        WalkChart                  BarChart           MixChart
 * </pre>
 *
 * <p>Everything here is a pure function of the analysis: no clock, no locale, no environment. The same analysis gives the
 * same bytes. Every string of an analysis may come from a stranger's trace, so none is ever trusted: {@link
 * org.iorewind.analyze.text.PlainText} takes away what could act on a terminal, and the writers of {@link
 * org.iorewind.analyze.document} what could act where they are read.
 */
@NullMarked
package org.iorewind.analyze.report;

import org.jspecify.annotations.NullMarked;
