package org.iorewind.trace.edit;

import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/** Descriptions of sessions that were made of others. */
final class Sessions {
    private Sessions() {}

    /** The same session, of which the beginning is missing. */
    static SessionInfo withUnknownPast(SessionInfo whole) {
        return new SessionInfo(
                whole.idHigh(),
                whole.idLow(),
                whole.fidelity(),
                StartState.UNKNOWN,
                whole.iommuCount(),
                whole.startUnixNs(),
                whole.mmioBase(),
                whole.extendedFeatures(),
                whole.extendedFeatures2(),
                whole.observes(),
                whole.deviceOptions(),
                whole.profile(),
                whole.tool(),
                whole.platform(),
                whole.contract());
    }

    /** A session made of several; everything that is not given here is that of the leading one. */
    static SessionInfo merged(
            SessionInfo leading,
            long idHigh,
            long idLow,
            long startUnixNs,
            long observes,
            String platform,
            String contract) {
        return new SessionInfo(
                idHigh,
                idLow,
                leading.fidelity(),
                leading.startState(),
                leading.iommuCount(),
                startUnixNs,
                leading.mmioBase(),
                leading.extendedFeatures(),
                leading.extendedFeatures2(),
                observes,
                leading.deviceOptions(),
                leading.profile(),
                leading.tool(),
                platform,
                contract);
    }

    /** A session whose addresses mean nothing any more. */
    static SessionInfo redacted(
            SessionInfo whole, long idHigh, long idLow, long mmioBase, String platform, String note) {
        return new SessionInfo(
                idHigh,
                idLow,
                Fidelity.LOG,
                whole.startState(),
                whole.iommuCount(),
                whole.startUnixNs(),
                mmioBase,
                whole.extendedFeatures(),
                whole.extendedFeatures2(),
                whole.observes(),
                whole.deviceOptions(),
                whole.profile(),
                whole.tool(),
                platform,
                whole.contract() + " " + note);
    }
}
