package org.iorewind.model.platform.vmm.acpi;

/**
 * Something that is wrong with an IVRS.
 *
 * @param problem its name
 * @param where where: a place in bytes, a unit, a DeviceID
 * @param expected what would have been right
 * @param found what stands there
 */
public record IvrsFinding(IvrsProblem problem, String where, String expected, String found) {
    @Override
    public String toString() {
        return problem + " at " + where + ": expected " + expected + ", found " + found + ". " + problem.consequence();
    }
}
