package doubleeleven.rig.sim;

import doubleeleven.gateway.Racing;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Course;
import doubleeleven.rig.Source;
import doubleeleven.rig.sim.Faults.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A world's parts in the scheduler's time. */
final class SimulatedCourse implements Course {
    private static final long SECOND = 1_000_000;

    private final Scheduler scheduler;
    private final Network network;
    private final Faults faults;
    private final Skew skew;

    SimulatedCourse(Scheduler scheduler, Network network, Faults faults, Skew skew) {
        this.skew = skew;
        this.scheduler = scheduler;
        this.network = network;
        this.faults = faults;
    }

    @Override
    public Bus bus() {
        return network;
    }

    @Override
    public Clock clock() {
        return scheduler.clock();
    }

    @Override
    public Clock clockOf(String part) {
        return skew.of(part, scheduler.clock());
    }

    @Override
    public boolean isOneAtATime() {
        return true;
    }

    /** A random part of it, as with full jitter. */
    @Override
    public void pause(Duration pause) {
        scheduler.sleepUntil(scheduler.micros() + faults.between(0, 1 + pause.toNanos() / 1000));
    }

    @Override
    public List<Object> fork(List<Supplier<Object>> branches) {
        return scheduler.fork(branches);
    }

    @Override
    public Racing racing() {
        return new SimulatedRacing(scheduler);
    }

    @Override
    public <T> T run(String part, Duration limit, Supplier<T> work) {
        return scheduler.runApart(part, limit.toNanos() / 1000, work);
    }

    @Override
    public <T> T within(Duration limit, Supplier<T> calls) {
        return scheduler.within(limit.toNanos() / 1000, calls);
    }

    @Override
    public void arrived(Source source, Instant at) {
        long when = Math.max(scheduler.microsAt(at), scheduler.micros()) + network.latency();
        if (source.name().endsWith("/relay") && faults.strikes(Kind.STREAM_DELAYED)) {
            faults.count(Kind.STREAM_DELAYED);
            when += faults.between(0, 60 * SECOND);
        }
        deliver(source, when);
    }

    private void deliver(Source source, long when) {
        scheduler.at(when, () -> {
            if (network.isAway(source.region())) {
                deliver(source, network.backAt(source.region()) + network.latency());
            } else {
                scheduler.begin(source.name(), scheduler.micros(), source::poll);
            }
        });
    }

    @Override
    public List<Duration> passage(String to) {
        boolean stream = to.endsWith("/relay");
        List<Duration> copies = new ArrayList<>(List.of(Duration.ZERO));
        if (faults.strikes(stream ? Kind.STREAM_DOUBLED : Kind.MESSAGE_DOUBLED)) {
            faults.count(stream ? Kind.STREAM_DOUBLED : Kind.MESSAGE_DOUBLED);
            copies.add(Duration.ofMillis(faults.between(0, 60_000)));
        }
        if (!stream && faults.strikes(Kind.MESSAGE_DELAYED)) {
            faults.count(Kind.MESSAGE_DELAYED);
            copies.set(0, Duration.ofMillis(faults.between(0, 60_000)));
        }
        return copies;
    }
}
