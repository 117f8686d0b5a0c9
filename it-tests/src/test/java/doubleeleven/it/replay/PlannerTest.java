package doubleeleven.it.replay;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.replay.Plan.Event;
import doubleeleven.it.replay.Plan.Means;
import doubleeleven.it.replay.Plan.Purchase;
import doubleeleven.it.replay.Plan.Return;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlannerTest {
    private static final int ORDERS = 200;

    @Test
    void aPlanHasAsManyPaymentsAsAskedForAndIsTheSameEachTime() throws IOException {
        List<Line> lines = Line.read(Optional.empty());
        Plan plan = Planner.plan(lines, ORDERS);

        assertThat(plan.purchases()).hasSize(ORDERS);
        assertThat(plan).isEqualTo(Planner.plan(lines, ORDERS));
        assertThat(Planner.plan(lines, 1).purchases()).hasSize(1);
    }

    @Test
    void eventsAreInTheOrderOfTimeAndGoodsComeBackAfterTheyWereBought() throws IOException {
        Plan plan = Planner.plan(Line.read(Optional.empty()), ORDERS);

        assertThat(plan.events()).isSortedAccordingTo(Comparator.comparing(Event::time));
        assertThat(plan.returns()).isNotEmpty().allSatisfy(goods -> {
            assertThat(plan.events().indexOf(goods.purchase()))
                    .isLessThan(plan.events().indexOf(goods));
            assertThat(goods.amountMinor()).isPositive();
        });
    }

    @Test
    void returnsNeverExceedTheirPurchase() throws IOException {
        Map<Purchase, Long> returned = new HashMap<>();
        for (Return goods : Planner.plan(Line.read(Optional.empty()), 5000).returns()) {
            returned.merge(goods.purchase(), goods.amountMinor(), Long::sum);
        }
        assertThat(returned)
                .isNotEmpty()
                .allSatisfy((purchase, sum) -> assertThat(sum).isLessThanOrEqualTo(purchase.amountMinor()));
    }

    @Test
    void anOrderIsPaidOnceToEachMerchantAndRefundNumbersDiffer() throws IOException {
        Plan plan = Planner.plan(Line.read(Optional.empty()), 5000);

        assertThat(new HashSet<>(plan.purchases().stream()
                        .map(purchase -> purchase.merchant() + "/" + purchase.order())
                        .toList()))
                .hasSameSizeAs(plan.purchases());
        assertThat(plan.returns().stream()
                        .map(goods -> goods.purchase().order() + "/" + goods.refund())
                        .toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void mostPaymentsCanBePaidAndAFewCannot() throws IOException {
        Plan plan = Planner.plan(Line.read(Optional.empty()), ORDERS);

        Map<String, Long> left = new HashMap<>();
        plan.customers().values().forEach(buyer -> left.put(buyer.id(), buyer.openingMinor()));
        int declined = 0;
        for (Purchase purchase : plan.purchases()) {
            long rest = left.get(purchase.customer()) - purchase.amountMinor() + purchase.couponMinor();
            if (rest < 0) {
                declined++;
                assertThat(plan.customers().get(purchase.customer()).isShort()).isTrue();
            } else {
                left.put(purchase.customer(), rest);
            }
        }
        assertThat(declined).isBetween(ORDERS / 50, ORDERS / 5);
    }

    @Test
    void everyMeansOfPaymentOccurs() throws IOException {
        Plan plan = Planner.plan(Line.read(Optional.empty()), ORDERS);

        assertThat(plan.purchases()).extracting(Purchase::means).contains(Means.values());
        assertThat(plan.purchases())
                .allSatisfy(purchase -> assertThat(purchase.couponMinor()).isLessThan(purchase.amountMinor()));
    }
}
