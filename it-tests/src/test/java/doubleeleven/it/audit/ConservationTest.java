package doubleeleven.it.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class ConservationTest {
    private static final String SHARE = "E#0000000000003#try7";
    private static final Set<String> MONEY =
            Set.of("available", "opened", "amount", "limit", "principal", "fee", "fees");

    @Test
    void consistentTablesProveThatMoneyIsConserved() {
        Conservation proof = Books.small().prove();

        assertThat(proof.faults()).isEmpty();
        assertThat(proof.holds()).isTrue();
        assertThat(proof.balances().get("GBP"))
                .isEqualTo(new Conservation.Balance(
                        470 + 200 + 1500 - 95, 0, 480 + 150 + 300 + 5, 0, 100, 2500, 400, 0, 210));
    }

    static Stream<String> everyAmount() {
        return Books.small().amounts().stream();
    }

    @ParameterizedTest
    @MethodSource("everyAmount")
    void aCentMoreAnywhereIsFound(String place) {
        assertThat(Books.small().add(place, 1).prove().holds()).as(place).isFalse();
    }

    @ParameterizedTest
    @MethodSource("everyAmount")
    void aCentLessAnywhereIsFound(String place) {
        assertThat(Books.small().add(place, -1).prove().holds()).as(place).isFalse();
    }

    @Test
    void aCentMovedFromOneCustomerToAnotherIsFoundThoughTheSumStays() {
        Conservation proof = Books.small()
                .add("account/17#C#ann/BALANCE.available", -1)
                .add("account/42#C#bob/BALANCE.available", 1)
                .prove();

        assertThat(proof.balances().get("GBP").difference()).isZero();
        assertThat(proof.holds()).isFalse();
    }

    @Test
    void anyItemThatIsGoneIsFound() {
        for (int item = 0; item < Books.small().accounts.size(); item++) {
            Books books = Books.small();
            Map<String, AttributeValue> gone = books.accounts.remove(item);
            boolean money = gone.containsKey("available") || gone.containsKey("amount");
            assertThat(books.prove().holds()).as(gone.toString()).isEqualTo(!money);
        }
        for (int item = 0; item < Books.small().credits.size(); item++) {
            Books books = Books.small();
            Map<String, AttributeValue> gone = books.credits.remove(item);
            assertThat(books.prove().holds()).as(gone.toString()).isFalse();
        }
        for (int item = 0; item < Books.small().payments.size(); item++) {
            Books books = Books.small();
            boolean moved = books.payments.remove(item).get("status").s().equals("SUCCEEDED");
            assertThat(books.prove().holds()).isEqualTo(!moved);
        }
    }

    @Test
    void aSecondEntryOfOnePaymentIsFound() {
        Books books = Books.small();
        Map<String, AttributeValue> again = new HashMap<>(books.account("M#shop#0/E#0000000000001#try1"));
        again.put("sk", AttributeValue.fromS("E#0000000000009#try1"));
        books.accounts.add(again);

        assertThat(books.prove().holds()).isFalse();
    }

    @Test
    void aRefundFromAnotherPayeesMoneyThanTheShareItTookFromIsFoundThoughTheSumStays() {
        Books books = Books.small()
                .add("account/M#mart#0/BALANCE.available", 50)
                .add("account/M#shop#0/BALANCE.available", -50);
        books.legs(
                "back2",
                Books.leg("REFUNDABLE", "pay7", "", 50),
                Books.leg("SHARE", "M#mart#0", SHARE, 50),
                Books.leg("DEBIT", "M#shop#0", "BALANCE", 50),
                Books.leg("CREDIT", "42#C#bob", "BALANCE", 50));

        assertThat(books.prove().faults())
                .containsExactly("refund back2 takes the money of another payee than the share's");
    }

    @Test
    void aRefundOfASharedPaymentThatNoShareLimitedIsFound() {
        Books books = Books.small().add("account/M#mart#0/" + SHARE + ".available", 50);
        books.legs(
                "back2",
                Books.leg("REFUNDABLE", "pay7", "", 50),
                Books.leg("DEBIT", "M#mart#0", "BALANCE", 50),
                Books.leg("CREDIT", "42#C#bob", "BALANCE", 50));

        assertThat(books.prove().faults())
                .contains("refund back2 takes another amount from a share than it gives back");
    }

    @Test
    void aHoldThatNobodyRemovedFromAShareIsFound() {
        Books books = Books.small();
        books.account("M#mart#0/" + SHARE).put("holds", Books.m(Map.of("lost", Books.m(Map.of("amount", Books.n(5))))));

        assertThat(books.prove().faults()).containsExactly("share M#mart#0/" + SHARE + " still holds 5 for lost");
    }

    @Test
    void anEntryThatIsALimitThoughItsPaymentHasOnePayeeIsFound() {
        Books books = Books.small();
        books.account("M#shop#0/E#0000000000001#try1").put("available", Books.n(480));

        assertThat(books.prove().holds()).isFalse();
    }

    @Test
    void anOpenPaymentIsNoProof() {
        for (String status : List.of("TRYING", "COMMITTED", "ABORTED")) {
            Books books = Books.small();
            books.payments.getLast().put("status", AttributeValue.fromS(status));

            assertThat(books.prove().holds()).as(status).isFalse();
        }
    }

    @Test
    void aHoldThatNobodyRemovedIsFoundThoughItIsStillMoney() {
        Books books = Books.small().add("account/17#C#ann/BALANCE.available", -5);
        Map<String, AttributeValue> ann = books.account("17#C#ann/BALANCE");
        ann.put("holds", Books.m(Map.of("lost", Books.m(Map.of("amount", Books.n(5))))));

        Conservation proof = books.prove();

        assertThat(proof.balances().get("GBP").difference()).isZero();
        assertThat(proof.faults()).anyMatch(fault -> fault.contains("still holds 5 for lost"));
    }

    @Test
    void anAnnouncedCreditIsNoMoney() {
        Books books = Books.small();
        books.account("17#C#ann/BALANCE")
                .put("incoming", Books.m(Map.of("late", Books.m(Map.of("amount", Books.n(5))))));

        assertThat(books.prove().balances().get("GBP").difference()).isZero();
    }

    /** A run that took a part of a loan after the month's bill was made, or died before it: the next bill lists it. */
    @Test
    void aPartThatWaitsForItsBillIsStillOwed() {
        Books books = Books.small();
        Map<String, AttributeValue> loan = books.credits.getFirst();
        loan.put("available", Books.n(150));
        Map<String, AttributeValue> waiting = new HashMap<>(Books.part(2, 50));
        waiting.put("n", Books.n(2));
        waiting.put("sealed", AttributeValue.fromBool(false));
        loan.put("parts", AttributeValue.fromL(List.of(loan.get("parts").l().getFirst(), Books.m(waiting))));

        assertThat(books.prove().holds()).isTrue();
        waiting.put("sealed", AttributeValue.fromBool(true));
        loan.put("parts", AttributeValue.fromL(List.of(loan.get("parts").l().getFirst(), Books.m(waiting))));
        assertThat(books.prove().holds()).isFalse();
    }

    @Test
    void whatIsNoDebtInTheCreditTableIsKnownAndAnythingElseIsFound() {
        for (String key : List.of("LINES#17/ann", "REVIEWS/1#ann#A1", "17#C#ann/APPLICATION#A1", "17#C#ann/LINE#1#x")) {
            assertThat(withCredit(key).prove().holds()).as(key).isTrue();
        }
        assertThat(withCredit("17#C#ann/BILL#2026-10#TAX").prove().faults())
                .containsExactly("17#C#ann/BILL#2026-10#TAX is of no known kind");
    }

    private static Books withCredit(String key) {
        Books books = Books.small();
        books.credits.add(new HashMap<>(Map.of(
                "pk", AttributeValue.fromS(key.substring(0, key.indexOf('/'))),
                "sk", AttributeValue.fromS(key.substring(key.indexOf('/') + 1)))));
        return books;
    }

    @Test
    void moneyInAnUnknownItemIsFound() {
        Books books = Books.small();
        books.accounts.add(new HashMap<>(Map.of(
                "pk",
                AttributeValue.fromS("17#C#ann"),
                "sk",
                AttributeValue.fromS("POCKET"),
                "available",
                Books.n(1))));

        assertThat(books.prove().faults()).containsExactly("17#C#ann/POCKET is of no known kind");
    }

    @Test
    void anEntryOfAPostingUnderWayIsCountedOnce() {
        Books books = Books.small().add("account/M#shop#0/BALANCE.available", 100);
        books.account("M#shop#0/BALANCE")
                .put("posting", AttributeValue.fromL(List.of(AttributeValue.fromS("E#0000000000002#try2"))));

        assertThat(books.prove().holds()).isTrue();
    }

    /**
     * Two customers, a shop and a mart. Ann was topped up by 400, paid 280 + 200 (coupon) = 480, got 100 back and gave 50 to Bob; Bob paid 100, not
     * posted yet, was declined once, and paid 300 that shop and mart share, of which mart gave 50 back. Ann also borrowed 300 to pay the store, in
     * three parts; the first one was billed and, but for 10, paid back with its fee of 5.
     */
    private record Books(
            List<Map<String, AttributeValue>> accounts,
            List<Map<String, AttributeValue>> payments,
            List<Map<String, AttributeValue>> credits) {
        static Books small() {
            Books books = new Books(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            books.fund("17#C#ann", "BALANCE", 375, 300).fund("17#C#ann", "COUPON#X", 200, 400);
            books.fund("42#C#bob", "BALANCE", 1500, 1800).fund("M#shop#0", "BALANCE", 480, 0);
            books.fund("M#mart#0", "BALANCE", 150, 0);
            books.accounts.add(new HashMap<>(
                    Map.of("pk", AttributeValue.fromS("17#C#ann"), "sk", AttributeValue.fromS("PROFILE"))));
            books.entry("E#0000000000001#try1", 480, "pay1", true).entry("E#0000000000002#try2", 100, "pay2", false);
            books.share("M#shop#0", 100, 100).share("M#mart#0", 200, 150);
            books.payment("pay1", "try1", "SUCCEEDED", "PAYMENT", 480, 380)
                    .payment("pay2", "try2", "SUCCEEDED", "PAYMENT", 100, 100)
                    .payment("top1", "try3", "SUCCEEDED", "DEPOSIT", 400, null)
                    .payment("back1", "try4", "SUCCEEDED", "REFUND", 100, null)
                    .payment("pay7", "try7", "SUCCEEDED", "PAYMENT", 300, 250)
                    .payment("back2", "try8", "SUCCEEDED", "REFUND", 50, null)
                    .payment("move1", "try6", "SUCCEEDED", "TRANSFER", 50, null)
                    .payment("pay5", "try5", "CLOSED", "PAYMENT", 9999, null);
            books.legs("pay1", leg("DEBIT", "17#C#ann", "BALANCE", 280), leg("DEBIT", "17#C#ann", "COUPON#X", 200));
            books.legs("pay2", leg("DEBIT", "42#C#bob", "BALANCE", 100));
            books.legs("top1", leg("CREDIT", "17#C#ann", "BALANCE", 400));
            books.legs(
                    "back1",
                    leg("REFUNDABLE", "pay1", "", 100),
                    leg("DEBIT", "M#shop#0", "BALANCE", 100),
                    leg("CREDIT", "17#C#ann", "BALANCE", 100));
            books.command("back1", "original", AttributeValue.fromS("pay1"));
            books.command("back2", "original", AttributeValue.fromS("pay7"));
            books.command("pay7", "payees", AttributeValue.fromL(List.of(payee("shop", 100), payee("mart", 200))));
            books.legs("pay7", leg("DEBIT", "42#C#bob", "BALANCE", 300));
            books.legs(
                    "back2",
                    leg("REFUNDABLE", "pay7", "", 50),
                    leg("SHARE", "M#mart#0", SHARE, 50),
                    leg("DEBIT", "M#mart#0", "BALANCE", 50),
                    leg("CREDIT", "42#C#bob", "BALANCE", 50));
            books.legs("move1", leg("DEBIT", "17#C#ann", "BALANCE", 50), leg("CREDIT", "42#C#bob", "BALANCE", 50));
            books.legs("pay5", leg("DEBIT", "42#C#bob", "BALANCE", 9999));
            return books.borrowed();
        }

        private Books borrowed() {
            String loan = "LOAN#0000000000010#try10";
            fund("17#C#ann", "CREDIT", 790, 0)
                    .fund("M#store#0", "BALANCE", 300, 0)
                    .fund("M#lender#0", "BALANCE", 5, 0);
            account("17#C#ann/CREDIT").put("limit", n(1000));
            account("17#C#ann/CREDIT").remove("opened");
            entry("E#0000000000010#try10", 300, "pay10", true);
            accounts.getLast().put("pk", AttributeValue.fromS("M#store#0"));
            payment("pay10", "try10", "SUCCEEDED", "PAYMENT", 300, 300)
                    .payment("repay1", "try11", "SUCCEEDED", "REPAYMENT", 95, null);
            command("pay10", "payees", AttributeValue.fromL(List.of(payee("store", 300))));
            legs("pay10", leg("DEBIT", "17#C#ann", "CREDIT", 300));
            legs(
                    "repay1",
                    leg("DEBIT", "17#C#ann", "BALANCE", 95),
                    leg("OWED", "17#C#ann", "BILL#2026-10#FEE", 5),
                    leg("OWED", "17#C#ann", "BILL#2026-10#PRINCIPAL", 90),
                    leg("CREDIT", "17#C#ann", "CREDIT", 90),
                    leg("CREDIT", "M#lender#0", "BALANCE", 5));
            debt(loan, 200, 300);
            credits.getLast().put("order", AttributeValue.fromS("pay10"));
            credits.getLast().put("parts", AttributeValue.fromL(List.of(m(part(5, 100)))));
            debt("BILL#2026-10#FEE", 0, 5)
                    .debt("BILL#2026-10#PRINCIPAL", 10, 100)
                    .debt("BILL#2026-10#INTEREST", 0, 0);
            Map<String, AttributeValue> line = part(5, 100);
            line.put("loan", AttributeValue.fromS(loan));
            credits.add(new HashMap<>(Map.of(
                    "pk", AttributeValue.fromS("17#C#ann"),
                    "sk", AttributeValue.fromS("BILL#2026-10"),
                    "principal", n(100),
                    "fees", n(5),
                    "lines", AttributeValue.fromL(List.of(m(line))))));
            return this;
        }

        private static Map<String, AttributeValue> part(long fee, long principal) {
            return new HashMap<>(Map.of(
                    "n", n(1), "fee", n(fee), "principal", n(principal), "sealed", AttributeValue.fromBool(true)));
        }

        private Books debt(String sk, long available, long opened) {
            credits.add(new HashMap<>(Map.of(
                    "pk", AttributeValue.fromS("17#C#ann"),
                    "sk", AttributeValue.fromS(sk),
                    "available", n(available),
                    "opened", n(opened),
                    "holds", m(Map.of()))));
            return this;
        }

        Conservation prove() {
            return Conservation.of(Snapshot.of(accounts, payments, credits));
        }

        Map<String, AttributeValue> account(String name) {
            return accounts.stream()
                    .filter(item -> name.equals(
                            item.get("pk").s() + "/" + item.get("sk").s()))
                    .findFirst()
                    .orElseThrow();
        }

        /** Every place where an amount stands, whatever item it is in. */
        List<String> amounts() {
            List<String> places = new ArrayList<>();
            walk((place, value) -> {
                places.add(place);
                return value;
            });
            return places;
        }

        Books add(String place, long more) {
            walk((here, value) -> here.equals(place) ? value + more : value);
            return this;
        }

        private interface Change {
            long at(String place, long value);
        }

        private void walk(Change change) {
            accounts.forEach(item ->
                    walk("account/" + item.get("pk").s() + "/" + item.get("sk").s(), item, change));
            payments.forEach(item -> walk("payment/" + item.get("pk").s(), item, change));
            credits.forEach(item -> walk("credit/" + item.get("sk").s(), item, change));
        }

        private static Map<String, AttributeValue> walk(String place, Map<String, AttributeValue> item, Change change) {
            item.replaceAll((name, value) -> walk(place + "." + name, MONEY.contains(name), value, change));
            return item;
        }

        private static AttributeValue walk(String place, boolean money, AttributeValue value, Change change) {
            if (value.hasM()) {
                return m(walk(place, new HashMap<>(value.m()), change));
            }
            if (value.hasL()) {
                List<AttributeValue> list = new ArrayList<>();
                for (AttributeValue element : value.l()) {
                    list.add(walk(place + "[" + list.size() + "]", false, element, change));
                }
                return AttributeValue.fromL(list);
            }
            return money && value.n() != null ? n(change.at(place, Long.parseLong(value.n()))) : value;
        }

        private Books fund(String pk, String sk, long available, long opened) {
            accounts.add(new HashMap<>(Map.of(
                    "pk", AttributeValue.fromS(pk),
                    "sk", AttributeValue.fromS(sk),
                    "currency", AttributeValue.fromS("GBP"),
                    "available", n(available),
                    "opened", n(opened),
                    "holds", m(Map.of()),
                    "incoming", m(Map.of()),
                    "finished", m(Map.of()))));
            return this;
        }

        private Books entry(String sk, long amount, String order, boolean posted) {
            Map<String, AttributeValue> entry = new HashMap<>(Map.of(
                    "pk", AttributeValue.fromS("M#shop#0"),
                    "sk", AttributeValue.fromS(sk),
                    "currency", AttributeValue.fromS("GBP"),
                    "amount", n(amount),
                    "payment", AttributeValue.fromS(order)));
            if (posted) {
                entry.put("posted", n(1));
            }
            accounts.add(entry);
            return this;
        }

        private Books payment(
                String order, String attempt, String status, String kind, long amount, @Nullable Integer refundable) {
            Map<String, AttributeValue> command = new HashMap<>(Map.of(
                    "kind", AttributeValue.fromS(kind),
                    "currency", AttributeValue.fromS("GBP"),
                    "amount", n(amount)));
            if (kind.equals("PAYMENT")) {
                command.put("payees", AttributeValue.fromL(List.of(payee("shop", amount))));
            }
            Map<String, AttributeValue> item = new HashMap<>(Map.of(
                    "pk", AttributeValue.fromS(order),
                    "attempt", AttributeValue.fromS(attempt),
                    "status", AttributeValue.fromS(status),
                    "unit", AttributeValue.fromS("RZ01"),
                    "colour", AttributeValue.fromS("a"),
                    "command", m(command)));
            if (refundable != null) {
                item.put("available", n(refundable));
                item.put("holds", m(Map.of()));
            }
            payments.add(item);
            return this;
        }

        private void legs(String order, AttributeValue... legs) {
            command(order, "branches", AttributeValue.fromL(List.of(legs)));
        }

        private void command(String order, String name, AttributeValue value) {
            Map<String, AttributeValue> item = payments.stream()
                    .filter(payment -> payment.get("pk").s().equals(order))
                    .findFirst()
                    .orElseThrow();
            Map<String, AttributeValue> command =
                    new HashMap<>(item.get("command").m());
            command.put(name, value);
            item.put("command", m(command));
        }

        /** An entry of the payment that two payees share. */
        private Books share(String bucket, long amount, long refundable) {
            accounts.add(new HashMap<>(Map.of(
                    "pk", AttributeValue.fromS(bucket),
                    "sk", AttributeValue.fromS(SHARE),
                    "currency", AttributeValue.fromS("GBP"),
                    "amount", n(amount),
                    "payment", AttributeValue.fromS("pay7"),
                    "posted", n(2),
                    "available", n(refundable),
                    "holds", m(Map.of()),
                    "finished", m(Map.of()))));
            return this;
        }

        private static AttributeValue payee(String merchant, long amount) {
            return m(Map.of("merchant", AttributeValue.fromS(merchant), "bucket", n(0), "amount", n(amount)));
        }

        private static AttributeValue leg(String kind, String pk, String sk, long amount) {
            Map<String, AttributeValue> leg = new HashMap<>(
                    Map.of("kind", AttributeValue.fromS(kind), "pk", AttributeValue.fromS(pk), "amount", n(amount)));
            if (!sk.isEmpty()) {
                leg.put("sk", AttributeValue.fromS(sk));
            }
            return m(leg);
        }

        static AttributeValue n(long number) {
            return AttributeValue.fromN(Long.toString(number));
        }

        static AttributeValue m(Map<String, AttributeValue> map) {
            return AttributeValue.fromM(map);
        }
    }
}
