package doubleeleven.it.replay;

import doubleeleven.it.replay.Plan.Buyer;
import doubleeleven.it.replay.Plan.Event;
import doubleeleven.it.replay.Plan.Means;
import doubleeleven.it.replay.Plan.Purchase;
import doubleeleven.it.replay.Plan.Return;
import doubleeleven.it.replay.Plan.Standing;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan of the retailer's lines. Everything follows from the data: two plans of the same size are equal.
 *
 * <p>The retailer's departments, told apart by the beginning of the stock code, stand for merchants, so that one invoice becomes one payment
 * for each of them.
 */
public final class Planner {
    /** One customer in this many gets less money than they spend. */
    private static final int SHORT_ONE_IN = 10;

    private static final int SHORT_PER_CENT = 60;
    /** One customer in this many holds a coupon, another one in this many pays their favourite merchant by mandate. */
    private static final int SPECIAL_ONE_IN = 5;

    private static final long COUPON_MOST_MINOR = 500;
    /** A tenth of the payments are there because something was sent back. */
    private static final int RETURNED_ONE_IN = 10;

    private static final String OTHER_PURCHASE = "the purchase is not among the replayed orders";
    private static final String NOT_IN_SAMPLE = "the purchase is not in the data, which is a sample of the lines";

    private Planner() {}

    /** A line that was bought, and how much of it has not been sent back. */
    private static final class Bought {
        private final Line line;
        private int left;

        Bought(Line line) {
            this.line = line;
            this.left = line.quantity();
        }

        boolean canBe(Line cancelled, int back) {
            return left >= back && line.time().isBefore(cancelled.time());
        }

        Line giveBack(int back) {
            left -= back;
            return line;
        }
    }

    private record OrderKey(String invoice, String merchant) {
        static OrderKey of(Line line) {
            return new OrderKey(line.invoice(), merchantOf(line.stockCode()));
        }
    }

    private record Cancellation(Line line, Optional<Line> bought) {}

    public static Plan plan(List<Line> lines, int orders) {
        Map<OrderKey, List<Line>> byOrder = new LinkedHashMap<>();
        List<Cancellation> cancellations = new ArrayList<>();
        read(lines, byOrder, cancellations);
        Set<OrderKey> chosen = choose(byOrder, cancellations, orders);

        Map<OrderKey, Purchase> bare = new LinkedHashMap<>();
        chosen.forEach(key -> bare.put(key, purchase(key, byOrder.getOrDefault(key, List.of()))));
        SortedMap<String, Buyer> buyers = buyers(bare.values().stream()
                .sorted(Comparator.comparing(Purchase::time))
                .toList());
        Map<OrderKey, Purchase> purchases = withMeans(bare, buyers);

        List<Event> events = new ArrayList<>(purchases.values());
        Map<String, Integer> unmatched = new TreeMap<>();
        LocalDateTime last = purchases.values().stream()
                .map(Purchase::time)
                .max(Comparator.naturalOrder())
                .orElse(LocalDateTime.MIN);
        for (Cancellation cancellation : cancellations) {
            Line line = cancellation.line();
            Optional<Purchase> purchase =
                    cancellation.bought().map(OrderKey::of).map(purchases::get);
            if (purchase.isPresent()) {
                long pence =
                        -line.quantity() * cancellation.bought().orElseThrow().unitPricePence();
                events.add(new Return(line.time(), line.invoice(), line.stockCode(), purchase.get(), pence));
            } else if (buyers.containsKey(line.customer()) && !line.time().isAfter(last)) {
                unmatched.merge(cancellation.bought().isPresent() ? OTHER_PURCHASE : NOT_IN_SAMPLE, 1, Integer::sum);
            }
        }
        events.sort(Comparator.comparing(Event::time));
        return new Plan(
                List.copyOf(events),
                buyers,
                purchases.values().stream().map(Purchase::merchant).collect(Collectors.toCollection(TreeSet::new)),
                unmatched);
    }

    /** Departments: most stock codes begin with a 2, so for those the second digit counts too; letters are carriage and the like. */
    static String merchantOf(String stockCode) {
        char first = stockCode.charAt(0);
        if (!Character.isDigit(first)) {
            return "services";
        }
        return "dept" + (first == '2' ? stockCode.substring(0, 2) : String.valueOf(first));
    }

    private static void read(List<Line> lines, Map<OrderKey, List<Line>> byOrder, List<Cancellation> cancellations) {
        Map<String, List<Bought>> bought = new HashMap<>();
        for (Line line : lines.stream().sorted(Comparator.comparing(Line::time)).toList()) {
            String what = line.customer() + "/" + line.stockCode();
            List<Bought> sameThing = bought.computeIfAbsent(what, key -> new ArrayList<>());
            if (line.isCancellation()) {
                int back = Math.abs(line.quantity());
                Optional<Line> match = sameThing.stream()
                        .filter(candidate -> candidate.canBe(line, back))
                        .findFirst()
                        .map(found -> found.giveBack(back));
                cancellations.add(new Cancellation(line, match));
            } else if (line.unitPricePence() > 0) {
                sameThing.add(new Bought(line));
                byOrder.computeIfAbsent(OrderKey.of(line), key -> new ArrayList<>())
                        .add(line);
            }
        }
    }

    /** First orders of which something was sent back, up to their share, then the earliest of all. */
    private static Set<OrderKey> choose(
            Map<OrderKey, List<Line>> byOrder, List<Cancellation> cancellations, int orders) {
        Set<OrderKey> chosen = new LinkedHashSet<>();
        cancellations.stream()
                .flatMap(cancellation -> cancellation.bought().stream())
                .map(OrderKey::of)
                .distinct()
                .limit(Math.max(1, orders / RETURNED_ONE_IN))
                .forEach(chosen::add);
        byOrder.keySet().stream()
                .filter(key -> !chosen.contains(key))
                .limit(Math.max(0, orders - chosen.size()))
                .toList()
                .forEach(chosen::add);
        return chosen;
    }

    private static Purchase purchase(OrderKey key, List<Line> lines) {
        long pence = lines.stream()
                .mapToLong(line -> Math.multiplyExact(line.quantity(), line.unitPricePence()))
                .sum();
        Line first = lines.getFirst();
        return new Purchase(
                first.time(),
                key.invoice(),
                key.merchant(),
                first.customer(),
                first.country(),
                pence,
                Means.BALANCE,
                0);
    }

    private static SortedMap<String, Buyer> buyers(List<Purchase> purchases) {
        Map<String, List<Purchase>> byCustomer = purchases.stream()
                .collect(Collectors.groupingBy(Purchase::customer, TreeMap::new, Collectors.toList()));
        SortedMap<String, Buyer> buyers = new TreeMap<>();
        byCustomer.forEach((customer, bought) -> buyers.put(customer, buyer(customer, bought)));
        return buyers;
    }

    private static Buyer buyer(String customer, List<Purchase> bought) {
        // A spread of the customers that has nothing to do with their shards.
        int lot = Math.floorMod(((customer + "/lot").hashCode() * 0x9E3779B9) >>> 16, SHORT_ONE_IN * SPECIAL_ONE_IN);
        boolean isShort = lot % SHORT_ONE_IN == 0;
        long spent = bought.stream().mapToLong(Purchase::amountMinor).sum();
        long coupon = lot % SPECIAL_ONE_IN == 1
                ? Math.min(COUPON_MOST_MINOR, bought.getFirst().amountMinor() / 2)
                : 0;
        @Nullable String merchant = lot % SPECIAL_ONE_IN == 2 ? favourite(bought) : null;
        @Nullable Standing credit = lot % SPECIAL_ONE_IN == 3 ? standing(lot) : null;
        List<Purchase> byMandate = bought.stream()
                .filter(purchase -> purchase.merchant().equals(merchant))
                .toList();
        return new Buyer(
                customer,
                bought.getFirst().country(),
                isShort ? spent * SHORT_PER_CENT / 100 : spent - coupon,
                isShort,
                coupon,
                merchant,
                byMandate.stream().mapToLong(Purchase::amountMinor).max().orElse(0),
                byMandate.stream().mapToLong(Purchase::amountMinor).sum(),
                credit);
    }

    /** Three of five have always paid, one sometimes, one is late. */
    private static Standing standing(int lot) {
        return switch (lot / SPECIAL_ONE_IN % 5) {
            case 3 -> Standing.UNCLEAR;
            case 4 -> Standing.OVERDUE;
            default -> Standing.RELIABLE;
        };
    }

    private static String favourite(List<Purchase> bought) {
        return bought.stream()
                .collect(Collectors.groupingBy(Purchase::merchant, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private static Means means(boolean mandate, long couponMinor, @Nullable Buyer buyer) {
        if (mandate) {
            return Means.MANDATE;
        }
        if (couponMinor > 0) {
            return Means.COUPON_AND_BALANCE;
        }
        return buyer != null && buyer.credit() != null ? Means.CREDIT : Means.BALANCE;
    }

    private static Map<OrderKey, Purchase> withMeans(Map<OrderKey, Purchase> bare, Map<String, Buyer> buyers) {
        Map<String, Purchase> firsts = bare.values().stream()
                .collect(Collectors.toMap(
                        Purchase::customer,
                        Function.identity(),
                        (one, other) -> other.time().isBefore(one.time()) ? other : one));
        Map<OrderKey, Purchase> purchases = new LinkedHashMap<>();
        bare.forEach((key, purchase) -> {
            Buyer buyer = buyers.get(purchase.customer());
            long coupon = buyer != null && purchase.equals(firsts.get(purchase.customer())) ? buyer.couponMinor() : 0;
            boolean mandate = buyer != null && purchase.merchant().equals(buyer.mandateMerchant());
            purchases.put(
                    key,
                    new Purchase(
                            purchase.time(),
                            purchase.invoice(),
                            purchase.merchant(),
                            purchase.customer(),
                            purchase.country(),
                            purchase.amountMinor(),
                            means(mandate, coupon, buyer),
                            coupon));
        });
        return purchases;
    }
}
