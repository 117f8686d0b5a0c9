package doubleeleven.rig;

import doubleeleven.gateway.stress.Pace;
import java.time.Duration;
import java.time.Instant;

/** Calls one after the other, in the time of the course: one that takes long makes those after it late, which their latency tells. */
final class CoursePace implements Pace {
    private final Course course;
    private final Instant began;

    CoursePace(Course course) {
        this.course = course;
        this.began = course.clock().instant();
    }

    @Override
    public Duration elapsed() {
        return Duration.between(began, course.clock().instant());
    }

    @Override
    public void await(Duration since) {
        Duration left = since.minus(elapsed());
        if (left.isPositive()) {
            course.pause(left);
        }
    }

    @Override
    public boolean begin(Runnable call) {
        call.run();
        return true;
    }

    @Override
    public void finish() {
        // Nothing is under way.
    }
}
