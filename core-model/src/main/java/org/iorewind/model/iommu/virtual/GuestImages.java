package org.iorewind.model.iommu.virtual;

import java.util.function.Consumer;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.jspecify.annotations.Nullable;

/**
 * The images of up to 65,536 guests, in the order of their GuestIDs. A guest none of whose registers was ever set costs
 * nothing; bit 15, which tells secure guests apart, is like any other. Not thread-safe.
 *
 * <pre>
 *   256 references ──▶ 256 references ──▶ image       GuestID[15:8], GuestID[7:0]
 * </pre>
 */
final class GuestImages implements Stateful {
    private static final int SIDE = 256;
    private static final int SHIFT = 8;

    private final GuestImage[][] blocks = new GuestImage[SIDE][];

    GuestImages() {}

    /** The image of a guest, or null if nothing was ever set. */
    @Nullable
    GuestImage find(int guest) {
        GuestImage[] block = blocks[guest >>> SHIFT];
        return block == null ? null : block[guest & SIDE - 1];
    }

    /** The image of a guest, which is made if need be. */
    GuestImage get(int guest) {
        GuestImage[] block = blocks[guest >>> SHIFT];
        if (block == null) {
            block = new GuestImage[SIDE];
            blocks[guest >>> SHIFT] = block;
        }
        GuestImage image = block[guest & SIDE - 1];
        if (image == null) {
            image = new GuestImage(guest);
            block[guest & SIDE - 1] = image;
        }
        return image;
    }

    /** Visits all images in the order of their GuestIDs. */
    void forEach(Consumer<GuestImage> visitor) {
        for (GuestImage[] block : blocks) {
            if (block != null) {
                for (GuestImage image : block) {
                    if (image != null) {
                        visitor.accept(image);
                    }
                }
            }
        }
    }

    /** Forgets an image that there is. */
    void remove(int guest) {
        blocks[guest >>> SHIFT][guest & SIDE - 1] = null;
    }

    /** Forgets everything. */
    void clear() {
        for (int i = 0; i < SIDE; i++) {
            blocks[i] = null;
        }
    }

    @Override
    public void saveTo(StateSink sink) {
        forEach(image -> {
            if (!image.isIdle()) {
                sink.addLong(image.guest());
                image.saveTo(sink);
            }
        });
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        clear();
        int guests = PrivateSpaceDescriptor.GUESTS;
        for (int guest = source.nextIndex(guests); guest >= 0; guest = source.nextIndex(guests)) {
            get(guest).restoreFrom(source);
        }
    }
}
