/**
 * What an analysis looks like: one HTML file for people, one text for terminals.
 *
 * <pre>
 *                      Headline   (the verdict in words, the same everywhere)
 *                          |
 *     Analysis ------------+------------> TextReport ----> terminal
 *                          |
 *                          +------------> HtmlReport ----> one self-contained file
 *                                             |
 *        VerdictSection  FaultSection  MixSection  ComparisonSection  SessionSection  CommandSection
 *             \_______________\___________\___________/___________________/______________/
 *                                         |
 *                                     HtmlWriter   (the only place that escapes)
 * </pre>
 *
 * <p>Everything here is a pure function of the analysis: no clock, no locale, no environment. The same analysis gives the
 * same bytes. Every string of an analysis may come from a stranger's trace, so none is ever trusted: {@link
 * org.iorewind.analyze.text.PlainText} takes away what could act on a terminal, and {@code HtmlWriter} what could act
 * in a browser.
 */
@NullMarked
package org.iorewind.analyze.report;

import org.jspecify.annotations.NullMarked;
