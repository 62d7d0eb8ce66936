package org.iorewind.analyze.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The analyzers on the class path. Stateless. */
public final class Analyzers {
    private Analyzers() {}

    /**
     * A fresh object of each analyzer, in the order of the class path.
     *
     * @throws AnalyzerException if one cannot be used
     */
    public static List<Analyzer> load() {
        List<Analyzer> all = new ArrayList<>();
        try {
            ServiceLoader.load(Analyzer.class, Analyzer.class.getClassLoader()).forEach(all::add);
        } catch (ServiceConfigurationError e) {
            throw new AnalyzerException(
                    "expected analyzers that can be made, found one that cannot: " + e.getMessage()
                            + "; take it from the class path, or mend its META-INF/services file",
                    e);
        }
        refuseSameIds(all);
        return all;
    }

    static void refuseSameIds(List<Analyzer> all) {
        Map<String, String> owners = new HashMap<>();
        for (Analyzer analyzer : all) {
            String name = analyzer.getClass().getName();
            for (Rule rule : analyzer.rules()) {
                String other = owners.put(rule.id(), name);
                if (other != null) {
                    throw new AnalyzerException(
                            "expected rules with ids of their own, found " + rule.id() + " in " + other + " and in "
                                    + name + "; rename one",
                            null);
                }
            }
        }
    }
}
