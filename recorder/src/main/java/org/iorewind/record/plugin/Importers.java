package org.iorewind.record.plugin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;

/** The importers on the class path. Stateless. */
public final class Importers {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private Importers() {}

    /**
     * An object of each, by name.
     *
     * @throws ImporterException if one cannot be used
     */
    public static List<Importer> load() {
        List<Importer> all = new ArrayList<>();
        try {
            ServiceLoader.load(Importer.class, Importer.class.getClassLoader()).forEach(all::add);
        } catch (ServiceConfigurationError e) {
            throw new ImporterException(
                    "expected importers that can be made, found one that cannot: " + e.getMessage()
                            + "; take it from the class path, or mend its META-INF/services file",
                    e);
        }
        return checked(all);
    }

    /** The same importers in order, if each has a name that is a word of its own. */
    static List<Importer> checked(List<Importer> found) {
        Set<String> names = new HashSet<>();
        for (Importer each : found) {
            boolean isWord = NAME.matcher(each.name()).matches();
            if (!isWord || !names.add(each.name())) {
                throw new ImporterException(
                        "expected importers with names of their own, of small letters, digits and hyphens, found "
                                + each.name() + " of " + each.getClass().getName() + "; rename it",
                        null);
            }
        }
        return found.stream().sorted(Comparator.comparing(Importer::name)).toList();
    }
}
