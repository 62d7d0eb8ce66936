package org.iorewind.cli.debug.dap;

import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.ExceptionBreakpointsFilter;

/** What the adapter tells an editor that it can. */
final class AdapterCapabilities {
    private AdapterCapabilities() {}

    static Capabilities all() {
        Capabilities all = new Capabilities();
        all.setSupportsConfigurationDoneRequest(true);
        all.setSupportsConditionalBreakpoints(true);
        all.setSupportsFunctionBreakpoints(true);
        all.setSupportsDataBreakpoints(true);
        all.setSupportsStepBack(true);
        all.setSupportsGotoTargetsRequest(true);
        all.setSupportsEvaluateForHovers(true);
        all.setSupportsReadMemoryRequest(true);
        all.setSupportsExceptionInfoRequest(true);
        all.setSupportsTerminateRequest(true);
        all.setExceptionBreakpointFilters(new ExceptionBreakpointsFilter[] {
            filter("fault", "Refused requests", true), filter("divergence", "Divergences from the recording", false)
        });
        return all;
    }

    private static ExceptionBreakpointsFilter filter(String name, String label, boolean isDefault) {
        ExceptionBreakpointsFilter filter = new ExceptionBreakpointsFilter();
        filter.setFilter(name);
        filter.setLabel(label);
        filter.setDefault_(isDefault);
        return filter;
    }
}
