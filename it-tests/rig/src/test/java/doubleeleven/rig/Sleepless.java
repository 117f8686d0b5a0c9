package doubleeleven.rig;

import doubleeleven.testkit.ManualClock;
import java.time.Duration;

/** Repetitions wait for no longer than the clock says. */
record Sleepless(Course other, ManualClock clock) implements Course.Beside {
    @Override
    public void pause(Duration pause) {
        clock.pass(pause);
    }
}
