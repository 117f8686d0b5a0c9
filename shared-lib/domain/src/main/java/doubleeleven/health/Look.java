package doubleeleven.health;

import java.util.List;
import java.util.Optional;

/**
 * What a Region saw when it looked last.
 *
 * @param number of this look, one more than of the one before
 * @param views of every colour that served then
 */
public record Look(String region, long number, List<View> views) {
    public Look {
        views = List.copyOf(views);
    }

    public Optional<View> of(String unit, String colour) {
        return views.stream()
                .filter(view -> view.unit().equals(unit) && view.colour().equals(colour))
                .findFirst();
    }
}
