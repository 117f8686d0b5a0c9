package doubleeleven.gateway.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Releases on record, and which one is at work in a unit. */
public interface Releases {
    Optional<Release> find(String unit, String id);

    /** The newest first. */
    List<Release> newest(String unit, int most);

    /** Writes a release in place of its revision before; false where that is not the one there. */
    boolean save(Release release);

    /**
     * Makes it the one that is at work in its unit, until then. It is so already where it was.
     *
     * @return false where another one is, and that one's time is not over
     */
    boolean claim(Release release, Instant until, Instant now);

    /** Others may be at work now. */
    void free(Release release);
}
