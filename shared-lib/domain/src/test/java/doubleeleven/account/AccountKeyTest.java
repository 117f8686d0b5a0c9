package doubleeleven.account;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.ids.OrderHash;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountKeyTest {
    @Test
    void anAccountOfACustomerNamesTheCustomer() {
        for (AccountKey key : List.of(
                AccountKey.balanceOf("C"),
                AccountKey.couponOf("C", "WELCOME"),
                AccountKey.mandateOf("C", "gym"),
                AccountKey.profileOfCustomer("C"))) {
            assertThat(key.customer()).as(key.toString()).contains("C");
        }
    }

    @Test
    void whatIsNoCustomersNamesNone() {
        for (AccountKey key : List.of(
                AccountKey.bucketOf("C", 0),
                AccountKey.profileOfMerchant("C"),
                new AccountKey(OrderHash.ofOrder("C", "1").value(), null))) {
            assertThat(key.customer()).as(key.toString()).isEmpty();
        }
    }
}
