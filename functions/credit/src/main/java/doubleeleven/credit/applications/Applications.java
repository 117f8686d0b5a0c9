package doubleeleven.credit.applications;

import doubleeleven.credit.Application;
import java.time.Instant;
import java.util.Optional;
import org.joda.money.Money;

/** Applications and the lines that they open. Every write is one conditional write of one item, and may be repeated. */
public interface Applications {
    /** Reads strongly. */
    Optional<Application> find(String customer, String number);

    /** Notes that an application waits for an operator. */
    void register(Application application);

    void unregister(Application application);

    /**
     * Lets an application wait for an operator, who answers the workflow with the token.
     *
     * @return false where it is decided already
     */
    boolean review(Application application, Assessment assessment, String token);

    /** Opens the lender's accounts in the limit's currency where they are not there yet. */
    void openLender(Money limit, Instant now);

    /**
     * Opens a line, or opens one again that was closed, once for each application.
     *
     * @return false where the customer has one by another application
     */
    boolean openLine(Application application, Money limit, Instant now);

    /** RECEIVED or REVIEW to APPROVED; false where it is decided already. */
    boolean approve(Application application, Assessment.Verdict verdict, Money limit, Instant now);

    /** RECEIVED or REVIEW to DECLINED; false where it is decided already. */
    boolean decline(Application application, Assessment.Verdict verdict, Instant now);
}
