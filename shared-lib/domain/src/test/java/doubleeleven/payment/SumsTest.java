package doubleeleven.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

class SumsTest {
    private static final OrderHash ORDER = OrderHash.ofOrder("gifts", "1");

    @Property(tries = 200)
    void aPaymentIsItsSourcesExactSumAndNoOtherAmount(
            @ForAll @NotEmpty @Size(max = 8) List<@LongRange(min = 1, max = 1_000_000_000_000L) Long> sources,
            @ForAll @LongRange(min = -5, max = 5) long off) {
        List<Branch> branches = branches(BranchKind.DEBIT, sources);
        long sum = sources.stream().mapToLong(Long::longValue).sum();

        if (off == 0) {
            assertThat(command(PaymentKind.PAYMENT, sum, branches).branches()).isEqualTo(branches);
        } else {
            assertThatThrownBy(() -> command(PaymentKind.PAYMENT, sum + off, branches))
                    .hasMessageContaining("DEBIT branches sum to " + sum);
        }
    }

    @Property(tries = 200)
    void aPaymentIsItsSharesExactSumAndNoOtherAmount(
            @ForAll @NotEmpty @Size(max = 10) List<@LongRange(min = 1, max = 1_000_000_000_000L) Long> shares,
            @ForAll @LongRange(min = -5, max = 5) long off) {
        List<Payee> payees = IntStream.range(0, shares.size())
                .mapToObj(number -> new Payee("m" + number, number, shares.get(number)))
                .toList();
        long sum = shares.stream().mapToLong(Long::longValue).sum();
        List<Branch> debit = branches(BranchKind.DEBIT, List.of(Math.max(1, sum + off)));

        if (off == 0) {
            assertThat(command(PaymentKind.PAYMENT, sum, debit, payees).payees())
                    .isEqualTo(payees);
        } else if (sum + off > 0) {
            assertThatThrownBy(() -> command(PaymentKind.PAYMENT, sum + off, debit, payees))
                    .hasMessageContaining("payees sum to " + sum);
        }
    }

    @Property(tries = 100)
    void eachPayeesEntryCarriesItsShareAndOnlyOneOfSeveralIsALimitOfItsOwn(
            @ForAll @NotEmpty @Size(max = 10) List<@LongRange(min = 1, max = 1_000_000) Long> shares) {
        List<Payee> payees = IntStream.range(0, shares.size())
                .mapToObj(number -> new Payee("m" + number, number, shares.get(number)))
                .toList();
        long sum = shares.stream().mapToLong(Long::longValue).sum();
        Payment payment =
                committed(command(PaymentKind.PAYMENT, sum, branches(BranchKind.DEBIT, List.of(sum)), payees));

        List<Entry> entries = payees.stream().map(payment::entryOf).toList();

        assertThat(entries.stream().mapToLong(Entry::amountMinor).sum()).isEqualTo(sum);
        assertThat(entries.stream().map(Entry::key)).doesNotHaveDuplicates();
        for (Entry entry : entries) {
            assertThat(entry.refundableMinor()).isEqualTo(payees.size() > 1 ? entry.amountMinor() : null);
        }
    }

    private static Payment committed(Command command) {
        Instant now = Instant.ofEpochMilli(1);
        return new Payment(
                ORDER,
                PaymentStatus.COMMITTED,
                AttemptId.of(ORDER, "key", "f"),
                "RZ01",
                "a",
                null,
                null,
                now,
                now,
                null,
                Map.of(),
                command,
                List.of(),
                null,
                List.of(),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    @Property(tries = 200)
    void anAllowanceIsNoMoneyAndChangesNoSum(
            @ForAll @LongRange(min = 1, max = 1_000_000) long amount,
            @ForAll @LongRange(min = 1, max = 1_000_000) long allowance) {
        Branch debit = branches(BranchKind.DEBIT, List.of(amount)).getFirst();
        Branch limit = new Branch(BranchKind.ALLOWANCE, AccountKey.mandateOf("14911", "gym"), allowance);

        assertThat(command(PaymentKind.PAYMENT, amount, List.of(debit, limit)).amount())
                .isEqualTo(Money.ofMinor(CurrencyUnit.GBP, amount));
    }

    @Property(tries = 100)
    void whatAFundHoldsIsTheSumOfItsHolds(
            @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 1_000_000) Integer> amounts) {
        Map<AttemptId, Hold> holds = new HashMap<>();
        for (int amount : amounts) {
            holds.put(
                    AttemptId.of(ORDER, "key-" + holds.size(), "f"), new Hold(amount, ORDER, Instant.ofEpochMilli(0)));
        }

        Fund fund =
                Fund.open(AccountKey.balanceOf("14911"), CurrencyUnit.GBP, 0).with(0, holds, Map.of(), Map.of());

        assertThat(fund.heldMinor())
                .isEqualTo(amounts.stream().mapToLong(Integer::longValue).sum());
    }

    private static List<Branch> branches(BranchKind kind, List<Long> amounts) {
        return IntStream.range(0, amounts.size())
                .mapToObj(number -> new Branch(kind, AccountKey.couponOf("14911", "C" + number), amounts.get(number)))
                .toList();
    }

    private static Command command(PaymentKind kind, long amount, List<Branch> branches) {
        return command(kind, amount, branches, List.of(new Payee("gifts", 0, Math.max(1, amount))));
    }

    private static Command command(PaymentKind kind, long amount, List<Branch> branches, List<Payee> payees) {
        return new Command(
                kind,
                new PaymentId(Shard.of("14911"), ORDER),
                "fingerprint",
                "key",
                "14911",
                "gifts",
                "1",
                Money.ofMinor(CurrencyUnit.GBP, amount),
                branches,
                payees,
                null,
                null,
                null,
                1,
                "trace");
    }
}
