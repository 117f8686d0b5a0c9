package doubleeleven.it.replay;

import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Api;
import doubleeleven.it.client.Credit;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Stack;
import doubleeleven.it.replay.Plan.Standing;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/** Customers who ask for credit, what became of it, and the bill of one of them. */
final class Lending {
    private static final long REQUESTED_MINOR = 300_000;
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration AWHILE = Duration.ofMillis(500);
    private static final String DAILY = "-credit-day";

    private final Stack stack;
    private final Api operator;
    private final String run;
    /** The last answer about each customer's application. */
    private final Map<String, Answer> applications = new ConcurrentHashMap<>();

    Lending(Stack stack, Api operator, String run) {
        this.stack = stack;
        this.operator = operator;
        this.run = run;
    }

    /** Asks for a line and waits until models and policy have spoken; those whom only an operator can decide wait on. */
    void apply(Customer customer, Standing standing) {
        String address = "/customers/" + customer.id() + "/credit-applications";
        Answer received = operator.postPatiently(
                address, Credit.application(customer, run, REQUESTED_MINOR, Plan.CURRENCY, applicant(standing)), null);
        if (received.problem().equals("already-opened")) {
            // Known from an earlier run against this stack.
            applications.put(customer.id(), received);
            return;
        }
        Pause.until(LONGEST, AWHILE, () -> {
            Answer answer = operator.get(address + "/" + run);
            applications.put(customer.id(), answer);
            return !answer.find("status").orElse("RECEIVED").equals("RECEIVED");
        });
    }

    private static Map<String, Object> applicant(Standing standing) {
        return switch (standing) {
            case RELIABLE -> Credit.reliable();
            case UNCLEAR -> Credit.unclear();
            case OVERDUE -> Credit.overdue();
        };
    }

    boolean hasLine(String customer) {
        Answer answer = applications.get(customer);
        return answer != null
                && (answer.problem().equals("already-opened")
                        || answer.find("status").orElse("").equals("APPROVED"));
    }

    /** Applications by what became of them. */
    Map<String, Long> outcomes() {
        Map<String, Long> outcomes = new TreeMap<>();
        applications
                .values()
                .forEach(answer -> outcomes.merge(
                        answer.find("status").orElse(answer.problem().toUpperCase(Locale.ROOT)), 1L, Long::sum));
        return outcomes;
    }

    /** Why applications were declined: the first reason of each weighs most. */
    Map<String, Long> declines() {
        Map<String, Long> reasons = new TreeMap<>();
        applications.values().stream()
                .filter(answer -> answer.find("status").orElse("").equals("DECLINED"))
                .forEach(answer -> reasons.merge(answer.reasons().getFirst(), 1L, Long::sum));
        return reasons;
    }

    /** Runs every unit's day of credit for the first day of the next month, as its schedule does then, and reads that customer's bill. */
    Optional<Answer> billOf(String customer) {
        LocalDate day = YearMonth.now(ZoneOffset.UTC).plusMonths(1).atDay(1);
        stack.regions().forEach(region -> goThrough(stack.workflows(region), day));
        Answer bill = operator.get("/customers/" + customer + "/bills/" + YearMonth.now(ZoneOffset.UTC));
        return bill.status() == 200 ? Optional.of(bill) : Optional.empty();
    }

    private static void goThrough(SfnClient workflows, LocalDate day) {
        workflows.listStateMachinesPaginator().stateMachines().stream()
                .filter(machine -> machine.name().endsWith(DAILY))
                .map(machine -> workflows
                        .startExecution(request -> request.stateMachineArn(machine.stateMachineArn())
                                .input("{\"day\":\"" + day + "\"}"))
                        .executionArn())
                .toList()
                .forEach(execution -> Pause.until(
                        LONGEST,
                        AWHILE,
                        () -> workflows
                                        .describeExecution(request -> request.executionArn(execution))
                                        .status()
                                != ExecutionStatus.RUNNING));
    }
}
