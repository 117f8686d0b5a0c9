package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.CURRENCY;
import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.steps;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Consents;
import doubleeleven.it.client.Credit;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/** Credit from the application to the last repayment, over HTTP and by the workflows as they are deployed. */
@Beside
final class CreditIT {
    private static final long LIMIT = 50_000;

    @Test
    void whoPaidReliablyGetsALinePaysWithItAndPaysBackWhatTheBillSays() {
        Unit unit = Unit.all().getFirst();
        Payer payer = Payer.of(unit, 10_000);
        Shop shop = Shop.open();
        Answer decided = apply(payer, Credit.reliable());
        assertThat(decided.text("status")).as(decided.text()).isEqualTo("APPROVED");
        long limit = credit(payer, "limit");
        assertThat(limit).isPositive().isLessThanOrEqualTo(LIMIT);

        Answer paid = pay(payer, shop, unique("order"), 1234, new Consents.Credit(1000, 3, 25));
        assertThat(paid.status()).as(paid.text()).isEqualTo(201);
        Answer settled = eventually()
                .until(
                        () -> shop.payment(paid.text("id")),
                        answer -> answer.text("status").equals("SUCCEEDED"));
        assertThat(steps(settled, "outcome")).contains("LENT");
        assertThat(payer.available()).isEqualTo(9_766);
        assertThat(credit(payer, "outstanding")).isEqualTo(1000);
        assertThat(credit(payer, "unbilled")).isEqualTo(1000);

        LocalDate billing = YearMonth.now(ZoneOffset.UTC).plusMonths(1).atDay(1);
        goThrough(unit, billing);
        YearMonth month = YearMonth.from(billing).minusMonths(1);
        Answer bill = OPERATOR.get("/customers/" + payer.id() + "/bills/" + month);
        assertThat(bill.status()).as(bill.text()).isEqualTo(200);
        assertThat(bill.integer("principal")).isEqualTo(333);
        assertThat(bill.integer("fees")).isEqualTo(8);
        assertThat(bill.text("status")).isEqualTo("DUE");

        goThrough(unit, LocalDate.parse(bill.text("dueOn")).plusDays(10));
        assertThat(line(payer).text("frozen")).isEqualTo("OVERDUE");
        Answer declined = pay(payer, shop, unique("order"), 100, new Consents.Credit(100, 1, 0));
        assertThat(declined.reasons()).containsExactly("CREDIT_LINE_FROZEN");
        // Ten days at 500 ppm of 333: 1.665.
        Answer overdue = OPERATOR.get("/customers/" + payer.id() + "/bills/" + month);
        assertThat(overdue.text()).contains("\"interest\":1");

        Answer tooMuch = repay(payer, 10_000);
        assertThat(tooMuch.status()).as(tooMuch.text()).isEqualTo(422);
        assertThat(tooMuch.text()).contains("1 to 1009");
        Answer repaid = repay(payer, 342);
        assertThat(repaid.status()).as(repaid.text()).isEqualTo(201);
        eventually().until(() -> credit(payer, "outstanding") == 667);
        assertThat(OPERATOR.get("/customers/" + payer.id() + "/bills/" + month).text("status"))
                .isEqualTo("PAID");
        goThrough(unit, LocalDate.parse(bill.text("dueOn")).plusDays(11));
        assertThat(line(payer).text("status")).isEqualTo("OPEN");
    }

    @Test
    void aRefundOfACreditPaymentMakesRoomOnTheLineBeforeItGivesMoneyBack() {
        Payer payer = Payer.of(Unit.all().getLast(), 1000);
        Shop shop = Shop.open();
        apply(payer, Credit.reliable());
        Answer paid = pay(payer, shop, unique("order"), 1500, new Consents.Credit(1000, 1, 0));
        eventually().until(() -> shop.payment(paid.text("id")).text("status").equals("SUCCEEDED"));
        Answer early = repay(payer, 400);
        assertThat(early.status()).as(early.text()).isEqualTo(201);
        eventually().until(() -> credit(payer, "outstanding") == 600);
        long available = credit(payer, "available");

        Answer refund =
                eventually().until(() -> shop.refund(paid.text("id"), "R1", 1100), answer -> answer.status() == 201);

        assertThat(refund.text("outcome")).isEqualTo("PAID");
        eventually().until(() -> credit(payer, "available") == available + 600);
        assertThat(credit(payer, "outstanding")).isZero();
        // 500 paid at once, 400 early; of the refund 600 went to the line, 400 back as money, 100 of the balance's
        // part.
        eventually().until(() -> payer.available() == 1000 - 500 - 400 + 500);
    }

    @Test
    void whoIsMonthsLateIsDeclinedWithReasonsAndHasNoLine() {
        Payer payer = Payer.with(100);

        Answer decided = apply(payer, Credit.overdue());

        assertThat(decided.text("status")).as(decided.text()).isEqualTo("DECLINED");
        assertThat(decided.reasons()).isNotEmpty();
        assertThat(OPERATOR.get("/customers/" + payer.id() + "/credit").status())
                .isEqualTo(404);
    }

    @Test
    void whatModelsCannotDecideAnOperatorDoesAndChangesLinesAfterwards() {
        Payer payer = Payer.with(100);
        String number = unique("application");
        String address = "/customers/" + payer.id() + "/credit-applications/" + number;
        OPERATOR.post(
                "/customers/" + payer.id() + "/credit-applications",
                Credit.application(payer.customer(), number, LIMIT, CURRENCY, Credit.unclear()),
                null);
        eventually().until(() -> OPERATOR.get(address).text("status").equals("REVIEW"));
        assertThat(OPERATOR.get("/operations/credit-applications").text()).contains(number);

        Answer taken = OPERATOR.post(
                "/operations/credit-applications/" + payer.id() + "/" + number + "/decision",
                Map.of("decision", "APPROVE", "limit", 5_000, "reason", "income proven"),
                null);

        assertThat(taken.status()).as(taken.text()).isEqualTo(202);
        Answer approved = eventually()
                .until(
                        () -> OPERATOR.get(address),
                        answer -> answer.text("status").equals("APPROVED"));
        assertThat(approved.text("reviewReason")).isEqualTo("income proven");
        assertThat(credit(payer, "limit")).isEqualTo(5_000);
        change(payer, "limit", Map.of("limit", 7_000, "reason", "asked for more"));
        assertThat(credit(payer, "available")).isEqualTo(7_000);
        change(payer, "freeze", Map.of("reason", "card stolen"));
        assertThat(line(payer).text("status")).isEqualTo("FROZEN");
        change(payer, "thaw", Map.of("reason", "card found"));
        change(payer, "closure", Map.of("reason", "the customer wishes so"));
        assertThat(line(payer).text("frozen")).isEqualTo("CLOSED");
    }

    private static void change(Payer payer, String what, Map<String, Object> body) {
        Answer answer = OPERATOR.post("/operations/credit-lines/" + payer.id() + "/" + what, body, null);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** Asks for a line and waits until it is decided. */
    private static Answer apply(Payer payer, Map<String, Object> applicant) {
        String number = unique("application");
        String address = "/customers/" + payer.id() + "/credit-applications";
        Answer received = OPERATOR.postPatiently(
                address, Credit.application(payer.customer(), number, LIMIT, CURRENCY, applicant), null);
        assertThat(received.status()).as(received.text()).isEqualTo(202);
        return eventually()
                .until(
                        () -> OPERATOR.get(address + "/" + number),
                        answer -> List.of("APPROVED", "DECLINED").contains(answer.text("status")));
    }

    private static Answer pay(Payer payer, Shop shop, String order, long amount, Consents.Credit credit) {
        return shop.api()
                .postPatiently(
                        "/payments",
                        Credit.payment(payer.customer(), shop.id(), order, amount, CURRENCY, credit),
                        order);
    }

    private static Answer repay(Payer payer, long amount) {
        String number = unique("repayment");
        return OPERATOR.postPatiently(
                "/customers/" + payer.id() + "/repayments",
                Credit.repayment(payer.customer(), number, amount, CURRENCY),
                number);
    }

    private static Answer line(Payer payer) {
        return OPERATOR.get("/customers/" + payer.id() + "/credit");
    }

    private static long credit(Payer payer, String name) {
        return line(payer).integer(name);
    }

    /** Runs the day's workflow of a unit as its schedule does, for another day. */
    private static void goThrough(Unit unit, LocalDate day) {
        SfnClient workflows = STACK.workflows(unit.region());
        String arn = workflows.listStateMachinesPaginator().stateMachines().stream()
                .filter(machine -> machine.name().equals(unit.resource("credit-day")))
                .findFirst()
                .orElseThrow()
                .stateMachineArn();
        String execution = workflows
                .startExecution(request -> request.stateMachineArn(arn).input("{\"day\":\"" + day + "\"}"))
                .executionArn();
        DescribeExecutionResponse ended = eventually()
                .until(
                        () -> workflows.describeExecution(request -> request.executionArn(execution)),
                        found -> found.status() != ExecutionStatus.RUNNING);
        assertThat(ended.status()).as(ended.toString()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }
}
