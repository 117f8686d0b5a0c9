package doubleeleven.credit.applications;

import doubleeleven.credit.Application;
import doubleeleven.credit.Application.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.joda.money.Money;

/**
 * Carries out what was decided on applications. Each step may be repeated: the workflow repeats one whose answer was lost. A line is opened
 * before its application says so, so whoever reads APPROVED finds it.
 */
public final class Decisions {
    private final Applications applications;
    private final Clock clock;

    public Decisions(Applications applications, Clock clock) {
        this.applications = applications;
        this.clock = clock;
    }

    /**
     * Lets an application wait for an operator.
     *
     * @param token what the operator answers the workflow with
     * @throws IllegalArgumentException where there is no such application
     */
    public Status review(String customer, String number, Assessment assessment, String token) {
        Application application = find(customer, number);
        applications.register(application);
        if (applications.review(application, assessment, token)) {
            return Status.REVIEW;
        }
        applications.unregister(application);
        return find(customer, number).status();
    }

    /** Opens the line. Where the customer has one by now, by another application, this one is declined. */
    public Status approve(String customer, String number, Assessment.Verdict verdict, Money limit) {
        Application application = find(customer, number);
        Instant now = clock.instant();
        if (!application.status().isDecided()) {
            applications.openLender(limit, now);
            boolean opened = applications.openLine(application, limit, now);
            if (opened) {
                applications.approve(application, verdict, limit, now);
            } else {
                applications.decline(application, declinedFor("LINE_EXISTS", verdict), now);
            }
        }
        return over(application);
    }

    public Status decline(String customer, String number, Assessment.Verdict verdict) {
        Application application = find(customer, number);
        if (!application.status().isDecided()) {
            applications.decline(application, verdict, clock.instant());
        }
        return over(application);
    }

    private Status over(Application application) {
        applications.unregister(application);
        return find(application.customer(), application.number()).status();
    }

    private static Assessment.Verdict declinedFor(String reason, Assessment.Verdict verdict) {
        Assessment known = verdict.assessment();
        return new Assessment.Verdict(
                new Assessment(List.of(reason), known.policy(), known.degraded(), known.snapshot()), verdict.review());
    }

    private Application find(String customer, String number) {
        return applications
                .find(customer, number)
                .orElseThrow(() -> new IllegalArgumentException("no application " + number + " of " + customer));
    }
}
