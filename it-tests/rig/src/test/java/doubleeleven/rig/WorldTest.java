package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.routing.Traffic;
import doubleeleven.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A deployment in one process, driven over its API. */
class WorldTest {
    private static final String EAST = "us-east-1";
    private static final Topology SANDBOX = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));

    private final ManualClock clock = new ManualClock();
    /** Set, it loses what the callers with this in their name call. */
    private String dead = "none";

    private World world;
    private Clientele clientele;
    private Shop shop;
    private Customer alice;

    @BeforeEach
    void open() {
        Bus dying = (call, effect) -> {
            if ((call.caller() + " " + call.operation()).contains(dead)) {
                throw new Died();
            }
            return effect.get();
        };
        world = World.open(SANDBOX, Course.direct(dying, clock), new Random(7), World.SILENT);
        clientele = new Clientele(world);
        shop = clientele.openShop("tea", "GBP", 2);
        alice = clientele.openCustomer("alice", "GBP", 5000);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aPaymentIsAnsweredAndFinishedAndPosted() {
        Answer paid = pay("42", 1234);

        assertThat(paid.status()).as(paid.text()).isEqualTo(201);
        assertThat(paid.text("outcome")).isEqualTo("PAID");
        assertThat(world.waiting()).isEqualTo(1);

        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(3766);
        Answer balance = clientele.get("us-west-2", shop.key(), "/merchants/tea/balance");
        assertThat(balance.integer("posted")).isEqualTo(1234);
        assertThat(clientele
                        .get(EAST, shop.key(), "/payments/" + paid.text("id"))
                        .text("status"))
                .isEqualTo("SUCCEEDED");
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void theSameCallThroughAnotherDoorGetsTheSameAnswerAndDebitsOnce() {
        Map<String, Object> payment = clientele.signed(alice, shop, "42", 1234);
        List<Answer> answers = SANDBOX.regions().stream()
                .map(region -> clientele.pay(region, shop, payment, "key"))
                .toList();
        world.drain();
        Answer later = clientele.pay(EAST, shop, payment, "key");

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
        assertThat(later.status()).isEqualTo(201);
        assertThat(Books.available(world, alice)).isEqualTo(3766);
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void whatCannotBeAffordedIsDeclinedAndNothingIsTaken() {
        Answer declined = pay("43", 5001);

        assertThat(declined.status()).isEqualTo(200);
        assertThat(declined.reasons()).containsExactly("INSUFFICIENT_FUNDS");
        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(5000);
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aCouponAndAMandatePayTogetherWithTheBalance() {
        clientele.openCoupon(alice, "november", "GBP", 300, clock.instant().plus(Duration.ofDays(1)));
        clientele.openMandate(alice, shop, "subscription", 1000, 3000);
        Answer both = clientele.pay(
                EAST, shop, Payments.withCoupon(clientele.signed(alice, shop, "44", 1000), "november", 300), "k44");
        Answer mandated =
                clientele.pay(EAST, shop, Payments.byMandate("alice", "subscription", "45", 900, "GBP"), "k45");

        assertThat(both.status()).as(both.text()).isEqualTo(201);
        assertThat(mandated.status()).as(mandated.text()).isEqualTo(201);
        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(5000 - 700 - 900);
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aRefundGivesBackWhatWasPosted() {
        String payment = pay("42", 1234).text("id");
        world.drain();
        Answer refund = clientele.refund("us-east-2", shop, payment, "back", 234, "back");

        assertThat(refund.status()).as(refund.text()).isEqualTo(201);
        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(4000);
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aTopUpComesIn() {
        Answer topUp = clientele.topUp(EAST, alice, "bank-1", "GBP", 100);

        assertThat(topUp.status()).as(topUp.text()).isEqualTo(201);
        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(5100);
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aPaymentThatItsExecutionAbandonedIsRecoveredOnceItIsDue() {
        Map<String, Object> payment = clientele.signed(alice, shop, "42", 1234);
        dead = "score-risk";
        // Dies in the middle of Try: the claim and the hold are there, nothing decides.
        assertThatThrownBy(() -> clientele.pay(EAST, shop, payment, "key")).isInstanceOf(Died.class);
        assertThat(Books.available(world, alice)).isEqualTo(3766);
        dead = "none";

        world.recover();
        world.drain();
        assertThat(Books.available(world, alice))
                .as("recovery leaves alone what is not due")
                .isEqualTo(3766);

        clock.pass(Duration.ofSeconds(21));
        world.recover();
        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(5000);
        assertThat(Snapshot.read(world.tables()).payments())
                .extracting(Snapshot.Payment::status)
                .containsExactly("CLOSED");
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aRecordThatTheRelayDoesNotCarryCostsTimeAndNoMoney() {
        dead = "publishBatch";
        pay("42", 1234);
        for (int i = 0; i < 20; i++) {
            try {
                world.drain();
            } catch (Died e) {
                // As often as it is delivered.
            }
        }
        dead = "none";
        clock.pass(Duration.ofSeconds(6));
        world.recover();
        world.drain();

        assertThat(Books.available(world, alice)).isEqualTo(3766);
        assertThat(Snapshot.read(world.tables()).payments())
                .extracting(Snapshot.Payment::status)
                .containsExactly("SUCCEEDED");
        Books.assertMoneyIsConserved(world);
    }

    @Test
    void aMessageThatFailsComesAgainAndInTheEndLiesInTheDeadLetters() {
        dead = "phase-two";
        pay("42", 1234);
        for (int i = 0; i < 7; i++) {
            try {
                world.drain();
            } catch (Died e) {
                // As often as it is delivered.
            }
            clock.pass(Duration.ofSeconds(16));
        }

        assertThat(world.deadLetters()).hasSize(1);
        assertThat(world.waiting()).isZero();
    }

    @Test
    void reconciliationReadsBothTables() {
        pay("42", 1234);
        world.drain();

        assertThat(world.reconcile()).containsEntry("complete", true).containsEntry("reclaimed", 0);
    }

    @Test
    void manyThreadsPayAndNothingIsLost() throws Exception {
        List<Thread> payers = IntStream.range(0, 4)
                .mapToObj(payer -> {
                    Customer customer = clientele.openCustomer("payer-" + payer, "GBP", 1000);
                    return Thread.ofPlatform().unstarted(() -> {
                        for (int i = 0; i < 10; i++) {
                            String order = payer + "-" + i;
                            clientele.pay(EAST, shop, clientele.signed(customer, shop, order, 100), order);
                        }
                    });
                })
                .toList();
        try (Workers workers = world.work(2)) {
            payers.forEach(Thread::start);
            for (Thread payer : payers) {
                payer.join();
            }
            assertThat(workers).isNotNull();
        }
        world.drain();

        assertThat(Snapshot.read(world.tables()).payments()).hasSize(40).allMatch(Snapshot.Payment::isSucceeded);
        Books.assertMoneyIsConserved(world);
    }

    /** What the rig cannot do must not look like an answer. */
    @Test
    void aCallThatTheRigDoesNotKnowFailsLoudly() {
        Tables tables = new Tables(Traffic.LIVE, world.tables(), new PaymentStream(_ -> {}), null);

        assertThatThrownBy(() -> tables.transactWriteItems(request -> {}))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> tables.putItem(request -> request.tableName("double11-payment")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private Answer pay(String order, long amount) {
        return clientele.pay(EAST, shop, clientele.signed(alice, shop, order, amount), "key-" + order);
    }

    /** Ends whatever calls, as a process ends. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1;

        Died() {
            super("died", null, false, false);
        }
    }
}
