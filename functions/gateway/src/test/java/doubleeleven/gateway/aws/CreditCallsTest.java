package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.DynamoDbPayments;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Bill;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.credit.Lender;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Part;
import doubleeleven.credit.Terms;
import doubleeleven.gateway.Payer;
import doubleeleven.gateway.Role;
import doubleeleven.gateway.aws.Deployment.Reply;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.testkit.LocalTables;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Paying by credit, paying it back and giving it back, from API Gateway's event to its response. */
class CreditCallsTest {
    private static final CurrencyUnit GBP = CurrencyUnit.GBP;
    private static final AccountKey LINE = AccountKey.creditLineOf("14911");
    private static final Terms TERMS = new Terms("terms-1", 10, 500, Map.of(3, 25_000));

    private static Deployment gateway;
    private final YearMonth last = YearMonth.now(ZoneOffset.UTC).minusMonths(1);
    private final List<Map<String, Object>> inputs = new ArrayList<>();

    @BeforeAll
    static void deploy() {
        gateway = new Deployment();
        gateway.operator("POST", "/customers", """
                {"customer":"14911","currency":"GBP","publicKey":"%s","openingBalance":100000}""".formatted(gateway.payer.publicKey()));
        gateway.operator("POST", "/merchants", """
                {"merchant":"m1","currency":"GBP","buckets":1}""");
        gateway.operator("POST", "/merchants", """
                {"merchant":"%s","currency":"GBP","buckets":1}""".formatted(Lender.of(GBP)));
        gateway.key("m1", Role.MERCHANT, "m1");
    }

    @AfterAll
    static void remove() {
        gateway.close();
    }

    @BeforeEach
    void anUnusedLine() {
        gateway.aws.forget();
        List<Map<String, AttributeValue>> owed = gateway.tables
                .client()
                .scan(request -> request.tableName(LocalTables.CREDIT))
                .items();
        owed.forEach(item -> gateway.tables
                .client()
                .deleteItem(request -> request.tableName(LocalTables.CREDIT)
                        .key(Map.of(
                                "pk", Values.s(Values.text(item, "pk")), "sk", Values.s(Values.text(item, "sk"))))));
        put(Fund.creditLine(LINE, GBP, 100_000));
        answering("PAID");
    }

    private void answering(String outcome, String... reasons) {
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            return Workflow.answer(input, outcome, reasons);
        });
    }

    private static void put(Fund fund) {
        gateway.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.ACCOUNT).item(Schemas.FUND.itemToMap(fund, true)));
    }

    private static void put(Loan loan) {
        putOwed(CreditSchemas.LOAN.itemToMap(loan, true));
    }

    private static void put(Owed owed) {
        putOwed(CreditSchemas.OWED.itemToMap(owed, true));
    }

    private static void putOwed(Map<String, AttributeValue> item) {
        gateway.tables
                .client()
                .putItem(request -> request.tableName(LocalTables.CREDIT).item(item));
    }

    private static Map<String, Object> body(String order, long balance, long credit, int instalments) {
        Map<String, Object> source = new HashMap<>(Map.of("type", "CREDIT", "amount", credit));
        if (instalments > 1) {
            source.put("instalments", instalments);
        }
        Map<String, Object> body = new HashMap<>();
        body.put("merchantOrder", order);
        body.put("payer", "14911");
        body.put("amount", balance + credit);
        body.put("currency", "GBP");
        body.put(
                "sources",
                balance == 0 ? List.of(source) : List.of(source, Map.of("type", "BALANCE", "amount", balance)));
        return body;
    }

    private static Map<String, Object> signed(Map<String, Object> body, String claims) {
        body.put("consent", Map.of("token", gateway.payer.sign(claims)));
        return body;
    }

    private static String order(String order, long amount) {
        long now = Instant.now().getEpochSecond();
        return Payer.orderClaims("14911", "m1", order, amount, "GBP", now, now + 600);
    }

    private static Reply pay(Map<String, Object> body) {
        return gateway.call(
                "POST",
                "/payments",
                Json.write(body),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "pay"));
    }

    private static Reply refund(String payment, String number, long amount) {
        return gateway.call(
                "POST",
                "/payments/" + payment + "/refunds",
                Json.write(Map.of("merchantRefund", number, "amount", amount)),
                Map.of("Authorization", Deployment.bearer("m1"), "Idempotency-Key", "refund"));
    }

    private static Reply repay(String number, long amount) {
        long now = Instant.now().getEpochSecond();
        String token = gateway.payer.sign(Payer.repaymentClaims("14911", number, amount, "GBP", now, now + 600));
        return gateway.operator(
                "POST",
                "/customers/14911/repayments",
                Json.write(Map.of(
                        "repayment", number, "amount", amount, "currency", "GBP", "consent", Map.of("token", token))));
    }

    private static List<String> branches(Map<String, Object> input) {
        return Json.objects(input, "branches").stream()
                .map(branch -> branch.get("kind") + " "
                        + branch.getOrDefault("sk", "-").toString().replaceFirst("LOAN#.*", "LOAN")
                        + " " + branch.get("amount"))
                .toList();
    }

    /** A loan of last month, of which the first part may be billed. */
    private Loan loan(String order, long principal, InstalmentPlan plan) {
        OrderHash hash = OrderHash.ofOrder("m1", order);
        Instant opened = last.atDay(15).atStartOfDay(ZoneOffset.UTC).toInstant();
        return Loan.open("14911", opened, AttemptId.of(hash, "k", "f"), hash, Money.ofMinor(GBP, principal), plan);
    }

    private Loan billed(Loan loan) {
        Part part = loan.nextPart(last).orElseThrow();
        return loan.with(loan.unbilledMinor() - part.principalMinor(), Map.of(), List.of(part));
    }

    private Bill bill(Loan... loans) {
        Bill bill = Bill.of("14911", last, last.plusMonths(1).atDay(1), TERMS, List.of(loans))
                .orElseThrow();
        putOwed(CreditSchemas.BILL.itemToMap(bill, true));
        for (Owed.Kind kind : Owed.Kind.values()) {
            put(Owed.of(bill, kind, TERMS));
        }
        for (Loan loan : loans) {
            put(loan);
        }
        return bill;
    }

    @Test
    void whatIsBorrowedIsTakenLastAndItsPlanIsPartOfThePayment() {
        Reply reply = pay(signed(body("c1", 234, 1000, 3), Payer.withCredit(order("c1", 1234), 1000, 3, 25)));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body().get("sources"))
                .isEqualTo(List.of(
                        Map.of("type", "BALANCE", "amount", 234),
                        Map.of("type", "CREDIT", "amount", 1000, "instalments", 3, "fee", 25)));
        assertThat(branches(inputs.getFirst())).containsExactly("DEBIT BALANCE 234", "DEBIT CREDIT 1000");
        assertThat(Workflow.command(inputs.getFirst()))
                .containsEntry("plan", Map.of("instalments", 3, "feePpm", 25_000));
    }

    @Test
    void withoutAPlanTheNextBillHasItAll() {
        pay(signed(body("c2", 0, 1000, 1), Payer.withCredit(order("c2", 1000), 1000, 1, 0)));

        assertThat(Workflow.command(inputs.getFirst())).containsEntry("plan", Map.of("instalments", 1, "feePpm", 0));
    }

    @Test
    void whoAgreesToPayDoesNotAgreeToBorrow() {
        Reply reply = pay(signed(body("c3", 0, 1000, 3), order("c3", 1000)));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text("detail")).contains("credit");
        assertThat(inputs).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"999, 3, 25", "1000, 6, 25", "1000, 3, 24"})
    void whatThePayerAgreedToBorrowIsWhatIsBorrowed(long amount, int instalments, long fee) {
        Reply reply =
                pay(signed(body("c4", 0, 1000, 3), Payer.withCredit(order("c4", 1000), amount, instalments, fee)));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text("detail")).isEqualTo("The token's claim credit differs from what is asked for.");
    }

    @Test
    void aPlanThatIsNotOfferedIsRefusedWithThoseThatAre() {
        Reply reply = pay(signed(body("c5", 0, 1000, 5), Payer.withCredit(order("c5", 1000), 1000, 5, 0)));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.wrongFields()).containsExactly("sources.instalments");
        assertThat(reply.body().get("errors").toString()).contains("must be 1 or one of 3, 6, 9, 12");
    }

    @Test
    void onlyCreditHasInstalments() {
        Map<String, Object> body = body("c6", 0, 1000, 1);
        body.put("sources", List.of(Map.of("type", "BALANCE", "amount", 1000, "instalments", 3)));

        assertThat(pay(signed(body, order("c6", 1000))).wrongFields()).containsExactly("sources[0].instalments");
    }

    @Test
    void aMandateLetsNobodyBorrow() {
        Map<String, Object> body = body("c7", 0, 1000, 1);
        body.put("consent", Map.of("mandate", "sub-1"));

        Reply reply = pay(body);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text("detail")).contains("no borrowing");
    }

    /** Pays an order by credit and leaves it settled; answers the payment's id. */
    private String paid(String order, long balance, long credit) {
        gateway.aws.workflow((arn, input) -> {
            Workflow.store(
                    gateway.tables,
                    input,
                    "SUCCEEDED",
                    Map.of("available", balance + credit, "currency", "GBP", "holds", Map.of(), "finished", Map.of()));
            return Workflow.answer(input, "PAID");
        });
        Reply reply = pay(signed(
                body(order, balance, credit, 3),
                Payer.withCredit(
                        order(order, balance + credit), credit, 3, new InstalmentPlan(3, 25_000).feeMinor(credit))));
        put(Fund.bucket(AccountKey.bucketOf("m1", 0), GBP));
        gateway.tables
                .client()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Values.key(AccountKey.bucketOf("m1", 0)))
                        .updateExpression("SET available = :available")
                        .expressionAttributeValues(Map.of(":available", Values.n(100_000))));
        answering("PAID");
        return reply.text("id");
    }

    /** The loan that the payment left, as phase two writes it. */
    private static Loan lent(String payment) {
        Loan loan = new DynamoDbPayments(
                        DynamoDbEnhancedClient.builder()
                                .dynamoDbClient(gateway.tables.client())
                                .build(),
                        LocalTables.PAYMENT)
                .find(new OrderHash(payment.substring(2)))
                .orElseThrow()
                .loan()
                .orElseThrow();
        put(loan);
        return loan;
    }

    @Test
    void aRefundOfWhatIsNotBilledMakesRoomOnTheLineAgain() {
        String payment = paid("r1", 234, 1000);
        lent(payment);

        Reply reply = refund(payment, "R1", 1100);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(branches(inputs.getFirst()))
                .containsExactly(
                        "REFUNDABLE - 1100",
                        "DEBIT BALANCE 1100",
                        "OWED LOAN 1000",
                        "CREDIT BALANCE 100",
                        "CREDIT CREDIT 1000");
        assertThat(Json.objects(inputs.getFirst(), "branches").getFirst()).containsEntry("cap", 1);
    }

    @Test
    void aRefundOfWhatIsPaidBackAlreadyComesAsMoney() {
        String payment = paid("r2", 0, 900);
        Loan loan = lent(payment);
        // Two of three parts are billed and paid back, of the last one 100 are paid back early.
        put(loan.with(200, Map.of(), List.of()));

        refund(payment, "R1", 900);

        assertThat(branches(inputs.getFirst()))
                .containsExactly(
                        "REFUNDABLE - 900",
                        "DEBIT BALANCE 900",
                        "OWED LOAN 200",
                        "CREDIT CREDIT 200",
                        "CREDIT BALANCE 700");
    }

    @Test
    void aRefundOfWhatIsBilledMakesTheBillSmaller() {
        String payment = paid("r3", 0, 900);
        Loan loan = lent(payment);
        Part first = new Part(1, last, 300, 8, false);
        Loan partly = loan.with(600, Map.of(), List.of(first));
        bill(partly);

        refund(payment, "R1", 700);

        assertThat(branches(inputs.getFirst()))
                .containsExactly(
                        "REFUNDABLE - 700",
                        "DEBIT BALANCE 700",
                        "OWED LOAN 600",
                        "OWED BILL#" + last + "#PRINCIPAL 100",
                        "CREDIT CREDIT 700");
    }

    @Test
    void aRefundWaitsForARepaymentOfTheSameLoan() {
        String payment = paid("r4", 0, 900);
        Loan loan = lent(payment);
        put(loan.with(500, Map.of(AttemptId.of(loan.order(), "other", "f"), hold(400)), List.of()));

        Reply reply = refund(payment, "R1", 100);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("refund-in-flight");
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
        assertThat(inputs).isEmpty();
    }

    private static Hold hold(long amount) {
        return new Hold(
                amount, OrderHash.ofRepayment("14911", "x"), Instant.now().plusSeconds(20));
    }

    @Test
    void aRepaymentPaysTheBillsFeesBeforeItsPrincipalAndThenWhatIsNotBilled() {
        bill(billed(loan("b1", 900, new InstalmentPlan(3, 25_000))));

        Reply reply = repay("P1", 400);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text("kind")).isEqualTo("REPAYMENT");
        assertThat(branches(inputs.getFirst()))
                .containsExactly(
                        "DEBIT BALANCE 400",
                        "OWED BILL#" + last + "#FEE 8",
                        "OWED BILL#" + last + "#PRINCIPAL 300",
                        "OWED LOAN 92",
                        "CREDIT CREDIT 392",
                        "CREDIT BALANCE 8");
        assertThat(Json.objects(inputs.getFirst(), "branches").getLast().get("pk"))
                .isEqualTo("M#" + Lender.of(GBP) + "#0");
        assertThat(reply.body().get("repaid").toString()).contains("BILL#" + last + "#FEE", "LOAN#");
    }

    @Test
    void moreThanIsOwedIsRefusedWithWhatIs() {
        bill(billed(loan("b2", 900, new InstalmentPlan(3, 25_000))));

        Reply reply = repay("P2", 909);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.body().get("errors").toString())
                .contains("must be an integer from 1 to 908, all that is owed");
        assertThat(inputs).isEmpty();
    }

    @Test
    void whoOwesNothingIsTold() {
        Reply reply = repay("P3", 1);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("nothing-to-do");
    }

    @Test
    void aRepaymentNeedsTheCustomersSignature() {
        put(loan("b4", 900, InstalmentPlan.NONE));
        long now = Instant.now().getEpochSecond();
        String other = gateway.payer.sign(Payer.repaymentClaims("14911", "P4", 101, "GBP", now, now + 600));

        Reply reply = gateway.operator(
                "POST",
                "/customers/14911/repayments",
                Json.write(Map.of(
                        "repayment", "P4", "amount", 100, "currency", "GBP", "consent", Map.of("token", other))));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(inputs).isEmpty();
    }

    @Test
    void aRepetitionGetsTheOutcomeThoughNothingIsOwedAnyMore() {
        put(loan("b5", 100, InstalmentPlan.NONE));
        gateway.aws.workflow((arn, input) -> {
            inputs.add(input);
            Workflow.store(gateway.tables, input, "SUCCEEDED", Map.of());
            return Workflow.answer(input, "PAID");
        });
        Reply first = repay("P5", 100);
        anUnusedLine();

        Reply second = repay("P5", 100);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        assertThat(inputs).hasSize(1);
        assertThat(gateway.operator("GET", "/repayments/" + first.text("id"), "")
                        .text("repayment"))
                .isEqualTo("P5");
    }

    @Test
    void aRepaymentWaitsForAnotherThatIsUnderWay() {
        Loan loan = loan("b6", 900, InstalmentPlan.NONE);
        put(loan.with(500, Map.of(AttemptId.of(loan.order(), "other", "f"), hold(400)), List.of()));

        Reply reply = repay("P6", 100);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("repayment-in-flight");
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
    }

    @Test
    void theLineShowsWhatIsOwedAndOnWhichTerms() {
        Loan loan = billed(loan("b7", 900, new InstalmentPlan(3, 25_000)));
        bill(loan);
        put(Fund.creditLine(LINE, GBP, 100_000L).with(99_100, Map.of(), Map.of(), Map.of()));

        Reply reply = gateway.operator("GET", "/customers/14911/credit", "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.number("limit")).isEqualTo(100_000);
        assertThat(reply.number("outstanding")).isEqualTo(900);
        assertThat(reply.number("unbilled")).isEqualTo(600);
        assertThat(reply.number("billed")).isEqualTo(308);
        assertThat(Json.objects(reply.body(), "loans")).singleElement().satisfies(shown -> {
            assertThat(shown).containsEntry("principal", 900).containsEntry("fee", 23);
            assertThat(Json.objects(shown, "schedule")).hasSize(3);
        });
    }

    @Test
    void aBillIsShownWithItsLinesAndWhatIsStillOwed() {
        bill(billed(loan("b8", 900, new InstalmentPlan(3, 25_000))));

        Reply list = gateway.operator("GET", "/customers/14911/bills", "");
        Reply one = gateway.operator("GET", "/customers/14911/bills/" + last, "");

        assertThat(Json.objects(list.body(), "bills")).hasSize(1);
        assertThat(one.number("principal")).isEqualTo(300);
        assertThat(one.number("fees")).isEqualTo(8);
        assertThat(one.body().get("owed")).isEqualTo(Map.of("fees", 8, "interest", 0, "principal", 300));
        assertThat(one.text("dueOn"))
                .isEqualTo(LocalDate.of(last.getYear(), last.getMonth(), 10)
                        .plusMonths(1)
                        .toString());
        assertThat(Json.objects(one.body(), "lines"))
                .singleElement()
                .satisfies(
                        line -> assertThat(line).containsEntry("instalment", 1).containsEntry("of", 3));
    }

    @ParameterizedTest
    @CsvSource({
        "/customers/12748/credit",
        "/customers/12748/bills",
        "/customers/14911/bills/2020-01",
        "/customers/14911/bills/x"
    })
    void whatIsNotThereIsNotFound(String path) {
        assertThat(gateway.operator("GET", path, "").status()).isEqualTo(404);
    }
}
