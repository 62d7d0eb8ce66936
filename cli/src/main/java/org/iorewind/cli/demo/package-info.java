/**
 * The guided tour.
 *
 * <pre>
 *     capture --&gt; NAME.log.zst --import--&gt; NAME.journal --seal--&gt; NAME.iorw --replay--&gt; explanations --&gt; NAME.html
 * </pre>
 */
@NullMarked
package org.iorewind.cli.demo;

import org.jspecify.annotations.NullMarked;
