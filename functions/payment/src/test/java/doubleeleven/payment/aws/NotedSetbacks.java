package doubleeleven.payment.aws;

import doubleeleven.account.AccountKey;
import doubleeleven.payment.Payment;
import doubleeleven.payment.phasetwo.Setbacks;
import doubleeleven.payment.phasetwo.SettlementTask;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What failed beside the work, by the key it failed on. */
record NotedSetbacks(List<String> recoveries, List<String> prunings, List<String> untold) implements Setbacks {
    NotedSetbacks() {
        this(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    @Override
    public void notRecovered(String order, @Nullable String trace, RuntimeException cause) {
        recoveries.add(order);
    }

    @Override
    public void notTold(Payment payment, RuntimeException cause) {
        untold.add(payment.order().value());
    }

    @Override
    public void notPruned(SettlementTask task, AccountKey account, RuntimeException cause) {
        prunings.add(account.toString());
    }
}
