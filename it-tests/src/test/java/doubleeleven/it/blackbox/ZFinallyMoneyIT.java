package doubleeleven.it.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Snapshot;
import org.junit.jupiter.api.Test;

/** Runs after all others, by its name: whatever they did, raced and broke, the books are right. */
final class ZFinallyMoneyIT {
    @Test
    void afterEverythingNoPaymentIsOpenAndMoneyIsConserved() {
        Snapshot tables =
                World.eventually().until(World::tables, found -> found.open().isEmpty());

        Conservation proof = Conservation.of(tables);

        assertThat(proof.holds()).as(proof.toReport()).isTrue();
        assertThat(proof.balances()).containsKey(World.CURRENCY);
    }
}
