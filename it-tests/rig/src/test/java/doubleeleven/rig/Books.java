package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Customer;

/** What a world's accounts say. */
public final class Books {
    private Books() {}

    public static long available(World world, Customer customer) {
        return Snapshot.read(world.tables()).funds().stream()
                .filter(fund ->
                        fund.pk().endsWith("#C#" + customer.id()) && fund.sk().equals("BALANCE"))
                .findFirst()
                .orElseThrow()
                .available();
    }

    public static void assertMoneyIsConserved(World world) {
        Conservation conservation = Conservation.of(Snapshot.read(world.tables()));
        assertThat(conservation.holds()).as(conservation.toReport()).isTrue();
    }
}
