package doubleeleven.rig.sim;

import doubleeleven.ids.OrderHash;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Clientele.Shop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What clients ask for, by chance: payments of every kind, what may follow them, and the same once more or otherwise. */
final class Load {
    private final Clientele clientele;
    private final Doors doors;
    private final Population population;
    private final Borrowers borrowers;
    private final Remembered remembered;
    private final SplittableRandom random;
    private final Set<String> mandates = new HashSet<>();
    private int orders;

    Load(
            Clientele clientele,
            Doors doors,
            Population population,
            Borrowers borrowers,
            Remembered remembered,
            SplittableRandom random) {
        this.clientele = clientele;
        this.doors = doors;
        this.population = population;
        this.borrowers = borrowers;
        this.remembered = remembered;
        this.random = random;
    }

    /** A client does something: asks for what is new, or once more, or looks after credit. */
    void client(int number) {
        int drawn = random.nextInt(100);
        Asked asked;
        if (drawn < 41) {
            asked = payment(number, false);
        } else if (drawn < 48) {
            asked = shared(number);
        } else if (drawn < 55) {
            asked = transfer(number);
        } else if (drawn < 58) {
            asked = payment(number, true);
        } else if (drawn < 67) {
            asked = refund(number);
        } else if (drawn < 74) {
            asked = remembered.ofThisRound();
        } else if (drawn < 79) {
            asked = remembered.ofEarlier();
        } else if (drawn < 84) {
            asked = otherwise(number);
        } else if (drawn < 87) {
            asked = topUp(number);
        } else if (drawn < 93) {
            asked = repayment(number);
        } else {
            credit(number, drawn);
            return;
        }
        if (asked == null) {
            asked = payment(number, false);
        }
        doors.insist(asked);
    }

    private void credit(int number, int drawn) {
        if (drawn < 97) {
            borrowers.apply(population.payer(), number);
        } else if (drawn < 99) {
            borrowers.review();
        } else {
            borrowers.change();
        }
    }

    private Asked payment(int number, boolean unaffordable) {
        Shop shop = population.shop();
        String borrower = random.nextInt(4) == 0 ? borrowers.any() : null;
        Customer payer = borrower == null ? population.payer() : population.customer(borrower);
        long amount = unaffordable ? 3 * Population.OPENING_BALANCE + random.nextInt(1000) : random.nextLong(2, 3000);
        return payment(number, shop, payer, "o" + ++orders, "k" + number, amount);
    }

    private Asked payment(int number, Shop shop, Customer payer, String order, String key, long amount) {
        int kind = random.nextInt(10);
        Map<String, Object> body;
        if (kind > 3 && borrowers.has(payer)) {
            long part = random.nextBoolean() ? amount : random.nextLong(1, amount + 1);
            body = clientele.onCredit(payer, shop, order, amount, borrowers.part(part));
        } else if (kind < 2 && amount <= 3000) {
            String mandate = "m-" + shop.id();
            if (mandates.add(payer.id() + mandate)) {
                doors.open(
                        shop.key(),
                        "/customers/" + payer.id() + "/mandates",
                        clientele.mandate(payer, shop, mandate, 3000, 30_000));
            }
            body = Payments.byMandate(payer.id(), mandate, order, amount, Population.CURRENCY);
        } else {
            body = clientele.signed(payer, shop, order, amount);
        }
        if (kind == 1 || (kind > 1 && kind < 4)) {
            String coupon = "g" + number;
            long worth = random.nextLong(1, 1500);
            doors.open(
                    doors.operatorKey(),
                    "/customers/" + payer.id() + "/coupons",
                    Map.of(
                            "coupon",
                            coupon,
                            "amount",
                            worth,
                            "currency",
                            Population.CURRENCY,
                            "expiresAt",
                            "2099-11-11T00:00:00Z"));
            body = Payments.withCoupon(body, coupon, Math.min(worth, amount));
        }
        return remembered.add(new Asked(
                OrderHash.ofOrder(shop.id(), order),
                "payment",
                shop.key(),
                "/payments",
                key,
                body,
                amount,
                payer.id()));
    }

    /** An order of which two to four merchants get a share each. */
    private Asked shared(int number) {
        Set<Shop> sharing = new LinkedHashSet<>();
        int several = random.nextInt(2, 5);
        while (sharing.size() < several) {
            sharing.add(population.shop());
        }
        List<Map<String, Object>> payees = new ArrayList<>();
        long amount = 0;
        for (Shop payee : sharing) {
            long share = random.nextLong(1, 1500);
            payees.add(Payments.share(payee.id(), share));
            amount += share;
        }
        Shop market = population.shop();
        Customer payer = population.payer();
        String order = "o" + ++orders;
        Map<String, Object> body = clientele.shared(payer, market, order, amount, payees);
        return remembered.add(new Asked(
                OrderHash.ofOrder(market.id(), order),
                "shared order",
                market.key(),
                "/payments",
                "k" + number,
                body,
                amount,
                payer.id()));
    }

    private Asked transfer(int number) {
        Customer payer = population.payer();
        Customer payee = population.payer();
        while (payee.id().equals(payer.id())) {
            payee = population.payer();
        }
        long amount = random.nextLong(1, 5000);
        String transfer = "t" + ++orders;
        return remembered.add(new Asked(
                OrderHash.ofTransfer(payer.id(), transfer),
                "transfer",
                doors.operatorKey(),
                "/transfers",
                "k" + number,
                clientele.transfer(payer, payee.id(), transfer, amount, Population.CURRENCY),
                amount,
                payer.id()));
    }

    private @Nullable Asked refund(int number) {
        Asked paid = remembered.any();
        if (paid == null || !paid.isPaid() || !paid.path().equals("/payments")) {
            return null;
        }
        long amount = random.nextLong(1, paid.amount() + 1);
        String refund = "r" + number;
        OrderHash order = paid.order().refund(refund);
        Map<String, Object> body = Payments.refund(refund, amount);
        if (paid.body().get("payees") instanceof List<?> payees) {
            Map<?, ?> share = (Map<?, ?>) payees.get(random.nextInt(payees.size()));
            amount = random.nextLong(1, ((Number) Objects.requireNonNull(share.get("amount"))).longValue() + 1);
            String merchant = (String) Objects.requireNonNull(share.get("merchant"));
            order = paid.order().refund(merchant, refund);
            body = Payments.refund(refund, merchant, amount);
        }
        return remembered.add(new Asked(
                order,
                "refund",
                paid.bearer(),
                "/payments/" + paid.id() + "/refunds",
                "k" + number,
                body,
                amount,
                paid.payer()));
    }

    /** The same order by another payer, for another amount or from other sources; with a new key, or with the same one. */
    private @Nullable Asked otherwise(int number) {
        Asked first = remembered.ofThisRound();
        if (first == null || !first.path().equals("/payments")) {
            return null;
        }
        Shop shop = population.shopOf(first.bearer());
        Customer payer = random.nextBoolean() ? population.payer() : population.customer(first.payer());
        String order = String.valueOf(first.body().get("merchantOrder"));
        // Always another amount: that tells contents with the same key apart.
        long amount = first.amount() + 1 + number;
        return payment(number, shop, payer, order, random.nextInt(4) == 0 ? first.key() : "k" + number, amount);
    }

    private Asked topUp(int number) {
        Customer customer = population.payer();
        long amount = random.nextLong(1, 10_000);
        String reference = "t" + number;
        return remembered.add(new Asked(
                OrderHash.ofDeposit("C#" + customer.id(), reference),
                "top-up",
                doors.operatorKey(),
                "/customers/" + customer.id() + "/top-ups",
                reference,
                Map.of("reference", reference, "amount", amount, "currency", Population.CURRENCY),
                amount,
                customer.id()));
    }

    /** A part of what somebody owes, all of it, or a little too much. */
    private @Nullable Asked repayment(int number) {
        String customer = borrowers.any();
        long owed = customer == null ? 0 : borrowers.outstanding(customer);
        if (customer == null || owed == 0) {
            return null;
        }
        Customer payer = population.customer(customer);
        long amount = random.nextInt(4) == 0 ? owed : random.nextLong(1, owed + owed / 10 + 2);
        String repayment = "p" + number;
        return remembered.add(new Asked(
                OrderHash.ofRepayment(customer, repayment),
                "repayment",
                doors.operatorKey(),
                "/customers/" + customer + "/repayments",
                "k" + number,
                clientele.repayment(payer, repayment, amount, Population.CURRENCY),
                amount,
                customer));
    }
}
