package doubleeleven.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import org.junit.jupiter.api.Test;

class IdentityTest {
    @Property
    void textsThatAreCutDifferentlyHaveDifferentFingerprints(
            @ForAll @AlphaChars @NumericChars String first, @ForAll @AlphaChars @NumericChars String second) {
        Assume.that(!second.isEmpty());
        int cut = 1;

        assertThat(Fingerprint.of(first, second))
                .isNotEqualTo(Fingerprint.of(first + second.substring(0, cut), second.substring(cut)));
    }

    @Property
    void anAttemptIsTheSameForTheSameRequestAndAnotherForAnother(
            @ForAll @AlphaChars @NumericChars String key,
            @ForAll @AlphaChars @NumericChars String content,
            @ForAll @AlphaChars @NumericChars String otherContent) {
        OrderHash order = OrderHash.ofOrder("gifts", "536365");

        assertThat(AttemptId.of(order, key, content)).isEqualTo(AttemptId.of(order, key, content));
        Assume.that(!content.equals(otherContent));
        assertThat(AttemptId.of(order, key, content)).isNotEqualTo(AttemptId.of(order, key, otherContent));
    }

    @Property
    void anOrderOfOneMerchantIsNoOrderOfAnother(@ForAll @AlphaChars @NumericChars String order) {
        assertThat(OrderHash.ofOrder("gifts", order)).isNotEqualTo(OrderHash.ofOrder("toys", order));
    }

    @Property
    void anOrderATransferADepositAndARefundOfTheSameNamesAreDifferentItems(
            @ForAll @AlphaChars @NumericChars String name, @ForAll @AlphaChars @NumericChars String number) {
        OrderHash order = OrderHash.ofOrder(name, number);

        assertThat(List.of(
                        order,
                        OrderHash.ofTransfer(name, number),
                        OrderHash.ofDeposit(name, number),
                        order.refund(number)))
                .doesNotHaveDuplicates();
    }

    @Property
    void aPaymentIdIsReadBackAsItWasWritten(
            @ForAll @AlphaChars @NumericChars String customer, @ForAll @AlphaChars @NumericChars String order) {
        PaymentId id = new PaymentId(Shard.of(customer), OrderHash.ofOrder("gifts", order));

        assertThat(PaymentId.parse(id.toString())).contains(id);
    }

    @Test
    void whatIsNoPaymentIdIsNotReadAsOne() {
        for (String text :
                new String[] {"", "1", "17", "xx" + "a".repeat(26), "17" + "A".repeat(26), "17" + "a".repeat(27)}) {
            assertThat(PaymentId.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void customersSpreadOverAllShards() {
        long[] customers = new long[Shard.COUNT];
        IntStream.range(12_000, 22_000)
                .forEach(id -> customers[Shard.of(Integer.toString(id)).number()]++);

        assertThat(Arrays.stream(customers).boxed()).allMatch(count -> count > 50 && count < 150);
    }

    @Test
    void aShardOutsideTheHundredIsRefused() {
        assertThatThrownBy(() -> new Shard(100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100");
    }

    /** Keys of stored items depend on these values: they must never change. */
    @Test
    void storedIdentitiesStayWhatTheyAre() {
        assertThat(Shard.of("14911")).hasToString("10");
        assertThat(OrderHash.ofOrder("gifts", "536365").value()).isEqualTo("g534hbcwcukbhn2zipyp2ioifu");
    }
}
