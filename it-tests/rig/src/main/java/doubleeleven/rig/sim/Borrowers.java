package doubleeleven.rig.sim;

import doubleeleven.aws.CreditTerms;
import doubleeleven.aws.Json;
import doubleeleven.credit.Terms;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Consents;
import doubleeleven.it.client.Credit;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Customers who asked for credit, and operators who look after them. */
final class Borrowers {
    private static final long LIMIT = 40_000;
    private static final List<Integer> COUNTS = List.of(1, 3, 6, 9, 12);

    private final Clientele clientele;
    private final String currency;
    private final SplittableRandom random;
    private final Operator operator;
    private final Terms terms = CreditTerms.read();
    private final Set<String> asked = new LinkedHashSet<>();

    Borrowers(Clientele clientele, String currency, SplittableRandom random, Operator operator) {
        this.clientele = clientele;
        this.currency = currency;
        this.random = random;
        this.operator = operator;
    }

    /** Somebody who asked for credit; null where nobody did. */
    @Nullable
    String any() {
        List<String> all = List.copyOf(asked);
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    boolean has(Customer customer) {
        return asked.contains(customer.id());
    }

    /** A part that is borrowed, by any plan that is offered. */
    Consents.Credit part(long amount) {
        int count = COUNTS.get(random.nextInt(COUNTS.size()));
        return new Consents.Credit(
                amount, count, terms.plan(count).orElseThrow().feeMinor(amount));
    }

    /** Asks for a line; most are reliable. The same application is made again now and then. */
    void apply(Customer customer, int number) {
        asked.add(customer.id());
        int drawn = random.nextInt(10);
        Map<String, Object> applicant = drawn < 7 ? Credit.reliable() : drawn < 9 ? Credit.unclear() : Credit.overdue();
        Map<String, Object> body = clientele.application(customer, "a" + number, LIMIT, currency, applicant);
        for (int i = 0; i <= random.nextInt(3); i++) {
            operator.post("/customers/" + customer.id() + "/credit-applications", body);
        }
    }

    /** An operator decides on whoever waits. */
    void review() {
        for (Map<String, Object> waiting : waiting()) {
            boolean approves = random.nextBoolean();
            Map<String, Object> verdict = approves
                    ? Map.of("decision", "APPROVE", "limit", random.nextLong(1, LIMIT + 1), "reason", "looked at")
                    : Map.of("decision", "DECLINE", "reason", "looked at");
            operator.post(
                    "/operations/credit-applications/" + waiting.get("customer") + "/" + waiting.get("application")
                            + "/decision",
                    verdict);
        }
    }

    private List<Map<String, Object>> waiting() {
        Answer answer = operator.get("/operations/credit-applications");
        return answer.status() == 200 ? Json.objects(Json.object(answer.text()), "applications") : List.of();
    }

    /** An operator changes a line, or is refused. */
    void change() {
        String customer = any();
        if (customer != null) {
            List<String> changes = new ArrayList<>(List.of("limit", "limit", "freeze", "thaw", "thaw", "closure"));
            String change = changes.get(random.nextInt(changes.size()));
            operator.post(
                    "/operations/credit-lines/" + customer + "/" + change,
                    change.equals("limit")
                            ? Map.of("limit", random.nextLong(1, 2 * LIMIT), "reason", "by chance")
                            : Map.of("reason", "by chance"));
        }
    }

    /** Principal that a customer owes, as an answer tells it; nothing where there is none. */
    long outstanding(String customer) {
        Answer answer = operator.get("/customers/" + customer + "/credit");
        return answer.status() == 200 ? answer.integer("outstanding") : 0;
    }
}
