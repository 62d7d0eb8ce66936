package org.iorewind.model.iommu;

import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.iorewind.model.iommu.quirk.Quirks;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.register.FeatureDescriptor;

/**
 * What kind of IOMMU to build: features, cache geometry, and the strategies in which devices differ. Immutable; safe for
 * any thread.
 */
public final class IommuOptions {
    /** EFR of QEMU without options: PreF, PPR, GT, IA, GA, HE, HATS=2, GATS=2. */
    private static final long QEMU_FEATURES = 0x29D3;

    private static final long SPECIFIED_FEATURES = FeatureDescriptor.PREFETCH
            | FeatureDescriptor.XT
            | FeatureDescriptor.INVALIDATE_ALL
            | FeatureDescriptor.GUEST_APIC
            | FeatureDescriptor.HATS_SIX_LEVELS;
    private static final int LARGEST_CACHE = 1 << 20;
    private static final int MOST_WAYS = 256;
    private static final int MOST_BANKS = 63;
    private static final int MOST_COUNTERS = 15;

    private final Profile profile;
    private final Quirks quirks;
    private final long extendedFeatures;
    private final long extendedFeatures2;
    private final boolean isIotlbSupported;
    private final boolean isInterruptRemapping;
    private final boolean isNotPresentCached;
    private final boolean isSnpEnabled;
    private final PciOptions pci;
    private final int counterBanks;
    private final int countersPerBank;
    private final boolean isPrefetching;
    private final DeviceAnswers deviceAnswers;
    private final int tlbSets;
    private final int tlbWays;
    private final WalkCacheGeometry walkCaches;
    private final int deviceEntryCacheSize;
    private final int interruptCacheSize;
    private final InvalidationPolicy invalidationPolicy;
    private final EventRouting eventRouting;
    private final VirtualOptions virtual;

    private IommuOptions(Builder builder) {
        this.profile = builder.profile;
        this.quirks = builder.quirks;
        this.extendedFeatures = builder.extendedFeatures;
        this.extendedFeatures2 = builder.extendedFeatures2;
        this.isIotlbSupported = builder.isIotlbSupported;
        this.isInterruptRemapping = builder.isInterruptRemapping;
        this.isNotPresentCached = builder.isNotPresentCached;
        this.isSnpEnabled = builder.isSnpEnabled;
        this.pci = builder.pci;
        this.counterBanks = builder.counterBanks;
        this.countersPerBank = builder.countersPerBank;
        this.isPrefetching = builder.isPrefetching;
        this.deviceAnswers = builder.deviceAnswers;
        this.tlbSets = builder.tlbSets;
        this.tlbWays = builder.tlbWays;
        this.walkCaches = builder.walkCaches;
        this.deviceEntryCacheSize = builder.deviceEntryCacheSize;
        this.interruptCacheSize = builder.interruptCacheSize;
        this.invalidationPolicy = builder.invalidationPolicy;
        this.eventRouting = builder.eventRouting;
        this.virtual = builder.virtual;
    }

    /** The options of a profile as it comes. */
    public static IommuOptions of(Profile profile) {
        return new Builder(profile).build();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The profile these options started from. */
    public Profile profile() {
        return profile;
    }

    /** The strategies. */
    public Quirks quirks() {
        return quirks;
    }

    /** EFR, the register 0030h. */
    public long extendedFeatures() {
        return extendedFeatures;
    }

    /** EFR2, the register 01A0h. */
    public long extendedFeatures2() {
        return extendedFeatures2;
    }

    /** IotlbSup of the capability header: INVALIDATE_IOTLB_PAGES is legal. */
    public boolean isIotlbSupported() {
        return isIotlbSupported;
    }

    /** Whether interrupts are remapped at all. */
    public boolean isInterruptRemapping() {
        return isInterruptRemapping;
    }

    /** NpCache of the capability header: entries that are not present may be cached. */
    public boolean isNotPresentCached() {
        return isNotPresentCached;
    }

    /** Whether the platform has enabled SNP, which EFR[SNPSup] must offer. */
    public boolean isSnpEnabled() {
        return isSnpEnabled && (extendedFeatures & FeatureDescriptor.SNP) != 0;
    }

    /** What the PCI function says of itself. */
    public PciOptions pci() {
        return pci;
    }

    /** Banks of performance counters; they exist with EFR[PCSup]. */
    public int counterBanks() {
        return counterBanks;
    }

    /** Performance counters of each bank. */
    public int countersPerBank() {
        return countersPerBank;
    }

    /** Whether PREFETCH_IOMMU_PAGES fills the caches; otherwise the hint is not taken. */
    public boolean isPrefetching() {
        return isPrefetching;
    }

    /** When devices answer invalidation requests. */
    public DeviceAnswers deviceAnswers() {
        return deviceAnswers;
    }

    /** Sets of the TLB, a power of two. */
    public int tlbSets() {
        return tlbSets;
    }

    /** Ways of the TLB. */
    public int tlbWays() {
        return tlbWays;
    }

    /** Geometry of the caches of the walk. */
    public WalkCacheGeometry walkCaches() {
        return walkCaches;
    }

    /** Entries of the device table cache, 0 or a power of two. */
    public int deviceEntryCacheSize() {
        return deviceEntryCacheSize;
    }

    /** Entries of the interrupt table cache, 0 or a power of two. */
    public int interruptCacheSize() {
        return interruptCacheSize;
    }

    /** When invalidation commands take effect. */
    public InvalidationPolicy invalidationPolicy() {
        return invalidationPolicy;
    }

    /** Where events that belong to a guest go first; matters with EFR[vIommuSup] only. */
    public EventRouting eventRouting() {
        return eventRouting;
    }

    /** Where firmware put what hardware vIOMMU needs. */
    public VirtualOptions virtual() {
        return virtual;
    }

    /** Whether there is hardware vIOMMU, which EFR[vIommuSup] offers. */
    public boolean hasVirtualIommus() {
        return (quirks.registers().present(extendedFeatures) & FeatureDescriptor.VIOMMU) != 0;
    }

    /** Builds options. Not thread-safe. */
    public static final class Builder {
        private final Profile profile;
        private Quirks quirks;
        private long extendedFeatures;
        private long extendedFeatures2;
        private boolean isIotlbSupported = true;
        private boolean isInterruptRemapping = true;
        private boolean isNotPresentCached;
        private boolean isSnpEnabled;
        private PciOptions pci;
        private int counterBanks = 2;
        private int countersPerBank = 4;
        private boolean isPrefetching;
        private DeviceAnswers deviceAnswers = DeviceAnswers.IMMEDIATE;
        private int tlbSets = 64;
        private int tlbWays = 4;
        private WalkCacheGeometry walkCaches;
        private int deviceEntryCacheSize;
        private int interruptCacheSize;
        private InvalidationPolicy invalidationPolicy = InvalidationPolicy.immediate();
        private EventRouting eventRouting = EventRouting.DIRECT;
        private VirtualOptions virtual = VirtualOptions.DEFAULT;

        private Builder(Profile profile) {
            this.profile = profile;
            this.quirks = Quirks.of(profile);
            boolean isSpecified = profile == Profile.SPEC;
            this.extendedFeatures = isSpecified ? SPECIFIED_FEATURES : QEMU_FEATURES;
            this.isNotPresentCached = !isSpecified;
            this.pci = PciOptions.of(profile);
            this.walkCaches = isSpecified ? WalkCacheGeometry.MODEST : WalkCacheGeometry.OFF;
            this.deviceEntryCacheSize = isSpecified ? 64 : 0;
            this.interruptCacheSize = isSpecified ? 128 : 0;
        }

        private Builder(IommuOptions options) {
            this.profile = options.profile;
            this.quirks = options.quirks;
            this.extendedFeatures = options.extendedFeatures;
            this.extendedFeatures2 = options.extendedFeatures2;
            this.isIotlbSupported = options.isIotlbSupported;
            this.isInterruptRemapping = options.isInterruptRemapping;
            this.isNotPresentCached = options.isNotPresentCached;
            this.isSnpEnabled = options.isSnpEnabled;
            this.pci = options.pci;
            this.counterBanks = options.counterBanks;
            this.countersPerBank = options.countersPerBank;
            this.isPrefetching = options.isPrefetching;
            this.deviceAnswers = options.deviceAnswers;
            this.tlbSets = options.tlbSets;
            this.tlbWays = options.tlbWays;
            this.walkCaches = options.walkCaches;
            this.deviceEntryCacheSize = options.deviceEntryCacheSize;
            this.interruptCacheSize = options.interruptCacheSize;
            this.invalidationPolicy = options.invalidationPolicy;
            this.eventRouting = options.eventRouting;
            this.virtual = options.virtual;
        }

        /** Sets EFR. */
        public Builder extendedFeatures(long value) {
            extendedFeatures = value;
            return this;
        }

        /** Sets EFR2. */
        public Builder extendedFeatures2(long value) {
            extendedFeatures2 = value;
            return this;
        }

        /** Sets IotlbSup. */
        public Builder iotlbSupported(boolean value) {
            isIotlbSupported = value;
            return this;
        }

        /** Turns DMA remapping off: requests pass untranslated, whatever the tables say. */
        public Builder dmaRemappingOff() {
            quirks = quirks.withGate(() -> TranslationGate.CLOSED);
            return this;
        }

        /** Turns interrupt remapping on or off. */
        public Builder interruptRemapping(boolean value) {
            isInterruptRemapping = value;
            return this;
        }

        /** Sets NpCache. */
        public Builder notPresentCached(boolean value) {
            isNotPresentCached = value;
            return this;
        }

        /** Says whether the platform has enabled SNP; without EFR[SNPSup] it has not. */
        public Builder snpEnabled(boolean value) {
            isSnpEnabled = value;
            return this;
        }

        /** Sets what the PCI function says of itself. */
        public Builder pci(PciOptions value) {
            pci = value;
            return this;
        }

        /**
         * Sets how many performance counters there are, with EFR[PCSup].
         *
         * @param banks 1 to 63
         * @param perBank 1 to 15
         * @throws IllegalArgumentException outside of these bounds
         */
        public Builder counters(int banks, int perBank) {
            if (banks < 1 || banks > MOST_BANKS || perBank < 1 || perBank > MOST_COUNTERS) {
                throw new IllegalArgumentException("expected 1 to " + MOST_BANKS + " banks of 1 to " + MOST_COUNTERS
                        + " counters, found banks=" + banks + " perBank=" + perBank);
            }
            counterBanks = banks;
            countersPerBank = perBank;
            return this;
        }

        /** Lets PREFETCH_IOMMU_PAGES fill the caches, or not. */
        public Builder prefetch(boolean value) {
            isPrefetching = value;
            return this;
        }

        /** Sets when devices answer invalidation requests. */
        public Builder deviceAnswers(DeviceAnswers value) {
            deviceAnswers = value;
            return this;
        }

        /**
         * Sets the geometry of the caches of the walk; {@link WalkCacheGeometry#OFF} for none. The walks of QEMU have none
         * and ignore it.
         */
        public Builder walkCaches(WalkCacheGeometry value) {
            walkCaches = value;
            return this;
        }

        /**
         * Sets the geometry of the TLB; a profile with a TLB of its own ignores it.
         *
         * @param sets a power of two, 1 to 2^20
         * @param ways 1 to 256
         * @throws IllegalArgumentException outside of these bounds
         */
        public Builder tlb(int sets, int ways) {
            tlbSets = requirePowerOfTwo(sets);
            if (ways < 1 || ways > MOST_WAYS) {
                throw new IllegalArgumentException("expected 1 to " + MOST_WAYS + " ways, found " + ways);
            }
            tlbWays = ways;
            return this;
        }

        /**
         * Sets the size of the device table cache.
         *
         * @param entries 0, or a power of two up to 2^20
         * @throws IllegalArgumentException otherwise
         */
        public Builder deviceEntryCache(int entries) {
            deviceEntryCacheSize = entries == 0 ? 0 : requirePowerOfTwo(entries);
            return this;
        }

        /**
         * Sets the size of the interrupt table cache.
         *
         * @param entries 0, or a power of two up to 2^20
         * @throws IllegalArgumentException otherwise
         */
        public Builder interruptCache(int entries) {
            interruptCacheSize = entries == 0 ? 0 : requirePowerOfTwo(entries);
            return this;
        }

        /** Sets when invalidation commands take effect; what was recorded of QEMU needs the immediate policy. */
        public Builder invalidations(InvalidationPolicy value) {
            invalidationPolicy = value;
            return this;
        }

        /** Sets where events that belong to a guest go first. */
        public Builder eventRouting(EventRouting value) {
            eventRouting = value;
            return this;
        }

        /** Sets where firmware put what hardware vIOMMU needs. */
        public Builder virtual(VirtualOptions value) {
            virtual = value;
            return this;
        }

        /** The options. */
        public IommuOptions build() {
            return new IommuOptions(this);
        }

        private static int requirePowerOfTwo(int value) {
            if (Integer.bitCount(value) != 1 || value < 1 || value > LARGEST_CACHE) {
                throw new IllegalArgumentException(
                        "expected a power of two from 1 to " + LARGEST_CACHE + ", found " + value);
            }
            return value;
        }
    }
}
