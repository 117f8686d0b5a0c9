package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.routing.Flow;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    static final long SECOND = 1_000_000_000;

    private static boolean isTaken(TokenBucket bucket, boolean givesBack, long now) {
        boolean there = bucket.nanosUntil(givesBack, now) == 0;
        if (there) {
            bucket.take();
        }
        return there;
    }

    private static int takeAll(TokenBucket bucket, boolean givesBack, long now) {
        int taken = 0;
        while (isTaken(bucket, givesBack, now)) {
            taken++;
        }
        return taken;
    }

    @Property(tries = 300)
    void inNoWindowIsThereMoreThanItsPartOfABurstAndOfTheRate(
            @ForAll @LongRange(min = 1, max = 2000) long rate,
            @ForAll @LongRange(min = 1, max = 100) long burst,
            @ForAll @IntRange(min = 1, max = 50) int environments,
            @ForAll boolean keeping,
            @ForAll @Size(60) List<@LongRange(min = -SECOND, max = SECOND) Long> pauses,
            @ForAll @Size(60) List<Boolean> givingBack) {
        TokenBucket bucket = new TokenBucket(new Flow(rate, burst), environments, keeping, 0);
        List<Long> taken = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < pauses.size(); i++) {
            now += Math.max(0, pauses.get(i));
            for (int calls = 0; calls < 5; calls++) {
                if (isTaken(bucket, givingBack.get(i), now)) {
                    taken.add(now);
                }
            }
        }

        // A part is never less than a call, or two where a part is kept.
        double part = Math.max((double) burst / environments, keeping ? 2 : 1);
        for (int first = 0; first < taken.size(); first++) {
            for (int last = first; last < taken.size(); last++) {
                double seconds = (taken.get(last) - taken.get(first)) / (double) SECOND;
                assertThat((double) last - first + 1).isLessThanOrEqualTo(part + seconds * rate / environments + 1e-6);
            }
        }
    }

    /** Retry-After is enough, and a nanosecond less is not. */
    @Property(tries = 500)
    void theWaitThatIsToldSufficesAndNoShorterOneDoes(
            @ForAll @LongRange(min = 1, max = 10_000_000) long rate,
            @ForAll @LongRange(min = 1, max = 10_000) long burst,
            @ForAll @IntRange(min = 1, max = 100_000) int environments,
            @ForAll boolean keeping,
            @ForAll boolean givesBack) {
        TokenBucket bucket = new TokenBucket(new Flow(rate, burst), environments, keeping, 7);
        takeAll(bucket, givesBack, 7);
        long wait = bucket.nanosUntil(givesBack, 7);

        assertThat(wait).isPositive();
        assertThat(bucket.nanosUntil(givesBack, 7 + wait - 1)).isEqualTo(1);
        assertThat(bucket.nanosUntil(givesBack, 7 + wait)).isZero();
    }

    @Property(tries = 300)
    void whereGivingBackIsRefusedAPaymentWouldBeToo(
            @ForAll @LongRange(min = 1, max = 100) long rate,
            @ForAll @LongRange(min = 1, max = 50) long burst,
            @ForAll @IntRange(min = 1, max = 20) int environments,
            @ForAll @Size(80) List<@LongRange(min = 0, max = SECOND / 10) Long> pauses,
            @ForAll @Size(80) List<Boolean> givingBack) {
        TokenBucket bucket = new TokenBucket(new Flow(rate, burst), environments, true, 0);
        long now = 0;
        for (int i = 0; i < pauses.size(); i++) {
            now += pauses.get(i);
            assertThat(bucket.nanosUntil(true, now)).isLessThanOrEqualTo(bucket.nanosUntil(false, now));
            isTaken(bucket, givingBack.get(i), now);
        }
    }

    @Test
    void theLastTenthIsForGivingBackAlone() {
        TokenBucket bucket = new TokenBucket(new Flow(10, 100), 1, true, 0);

        assertThat(takeAll(bucket, false, 0)).isEqualTo(90);
        assertThat(takeAll(bucket, true, 0)).isEqualTo(10);
    }

    @Test
    void whatManyShareEachEnforcesAPartOf() {
        TokenBucket bucket = new TokenBucket(new Flow(40, 80), 4, false, 0);

        assertThat(takeAll(bucket, false, 0)).isEqualTo(20);
        assertThat(takeAll(bucket, false, SECOND)).isEqualTo(10);
        assertThat(takeAll(bucket, false, 1000 * SECOND)).isEqualTo(20);
    }

    @Test
    void howeverManyShareOneOfEachKindFitsIn() {
        TokenBucket bucket = new TokenBucket(new Flow(1, 1), 100_000, true, 0);

        assertThat(takeAll(bucket, false, 0)).isEqualTo(1);
        assertThat(takeAll(bucket, true, 0)).isEqualTo(1);
    }

    @Test
    void whatIsGivenBackIsThereAgainAndNeverMoreThanABurst() {
        TokenBucket bucket = new TokenBucket(new Flow(1, 3), 1, false, 0);
        bucket.take();
        bucket.giveBack();

        assertThat(takeAll(bucket, false, 0)).isEqualTo(3);
        bucket.giveBack();
        assertThat(takeAll(bucket, false, 3 * SECOND)).isEqualTo(3);
    }

    @Test
    void aClockThatIsSetBackBringsNothingAndStopsNothing() {
        TokenBucket bucket = new TokenBucket(new Flow(1, 1), 1, false, 100 * SECOND);
        takeAll(bucket, false, 100 * SECOND);

        assertThat(bucket.nanosUntil(false, 10 * SECOND)).isEqualTo(SECOND);
        assertThat(bucket.nanosUntil(false, 11 * SECOND)).isZero();
    }
}
