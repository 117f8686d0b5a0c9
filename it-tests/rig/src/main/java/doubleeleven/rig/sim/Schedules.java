package doubleeleven.rig.sim;

import doubleeleven.rig.Course.Cut;
import doubleeleven.rig.World;

/** What schedules start, whether it comes to its end or not. */
final class Schedules {
    private final World world;
    private final Scheduler scheduler;
    private final Network network;
    private final Trace trace;

    Schedules(World world, Scheduler scheduler, Network network, Trace trace) {
        this.world = world;
        this.scheduler = scheduler;
        this.network = network;
        this.trace = trace;
    }

    /** Every recovery that is there sweeps once. */
    void sweep() {
        for (String cell : world.cells()) {
            if (!network.isAway(world.regionOf(cell))) {
                scheduler.begin("schedule", scheduler.micros(), () -> {
                    try {
                        world.recover(cell);
                    } catch (Cut e) {
                        trace.note(cell + "/recovery " + e.getMessage());
                    }
                });
            }
        }
    }

    void reconcile() {
        try {
            world.reconcile();
        } catch (Cut e) {
            trace.note("reconciliation " + e.getMessage());
        } catch (RuntimeException e) {
            // A run that fails; the next day's goes on where it stopped.
            trace.note("reconciliation failed");
        }
    }
}
