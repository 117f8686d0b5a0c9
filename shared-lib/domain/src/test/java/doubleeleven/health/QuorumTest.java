package doubleeleven.health;

import static doubleeleven.health.Scene.NOW;
import static doubleeleven.health.Scene.REGIONS;
import static doubleeleven.health.Scene.RULE;
import static doubleeleven.health.Scene.UNITS;
import static doubleeleven.health.Scene.look;
import static doubleeleven.health.Scene.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.health.UnitHealth.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class QuorumTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void aUnitThatBothOtherRegionsSeeFailIsDownWhileItsOwnIsSilent() {
        Look second = look("region-2", NOW, LONG, "RZ01");
        Look third = look("region-3", NOW.minusSeconds(9), LONG, "RZ01");

        Map<String, UnitHealth> health = Scene.health(List.of(second, third));

        assertThat(health.get("RZ01").verdict()).isEqualTo(Verdict.DOWN);
        assertThat(health.get("RZ01").failing()).extracting(Look::region).containsExactly("region-2", "region-3");
        assertThat(health.get("RZ01").evidence())
                .isEqualTo("region-2 sees a failing, 3 looks in a row since 2026-11-10T23:59:40Z (ConnectException),"
                        + " b failing, 3 looks in a row since 2026-11-10T23:59:40Z (ConnectException);"
                        + " region-3 sees a failing, 3 looks in a row since 2026-11-10T23:59:31Z (ConnectException),"
                        + " b failing, 3 looks in a row since 2026-11-10T23:59:31Z (ConnectException)");
        assertThat(health.get("RZ02").verdict()).isEqualTo(Verdict.WELL);
        assertThat(health.get("RZ03").verdict()).isEqualTo(Verdict.WELL);
    }

    @Test
    void aUnitThatItsOwnRegionSeesWorkIsDownAllTheSameWhereNobodyElseReachesIt() {
        assertThat(verdict(
                        "RZ01",
                        look("region-1", NOW, LONG),
                        look("region-2", NOW, LONG, "RZ01"),
                        look("region-3", NOW, LONG, "RZ01")))
                .isEqualTo(Verdict.DOWN);
    }

    @Test
    void oneColourOfTwoThatFailsIsNoReasonToTakeOutTheUnit() {
        List<Look> looks = new ArrayList<>();
        for (String region : REGIONS) {
            List<View> views = new ArrayList<>(look(region, NOW, LONG).views());
            views.removeIf(view -> view.unit().equals("RZ01") && view.colour().equals("a"));
            views.add(Scene.failing("RZ01", "a", NOW, LONG));
            looks.add(new Look(region, 1, views));
        }

        assertThat(verdict("RZ01", looks)).isEqualTo(Verdict.DOUBTED);
    }

    @Test
    void aColourWithoutCustomersIsNotWaitedFor() {
        assertThat(look("region-1", NOW, LONG).of("RZ02", "b")).isEmpty();
        assertThat(verdict("RZ02", look("region-1", NOW, LONG, "RZ02"), look("region-3", NOW, LONG, "RZ02")))
                .isEqualTo(Verdict.DOWN);
    }

    @Test
    void whoWasNotLookedAtIsUnknown() {
        assertThat(verdict("RZ01")).isEqualTo(Verdict.UNKNOWN);
        assertThat(verdict("RZ01", look("region-1", NOW, LONG))).isEqualTo(Verdict.UNKNOWN);
    }

    /** Two Regions have no third to say which of them is cut off. */
    @Test
    void withTwoRegionsNobodyIsEverDown() {
        List<Look> looks = List.of(look("region-1", NOW, LONG, "RZ02"), look("region-2", NOW, LONG, "RZ01"));

        assertThat(Quorum.judge(RULE, Set.of("region-1", "region-2"), looks, NOW)
                        .values())
                .extracting(UnitHealth::verdict)
                .doesNotContain(Verdict.DOWN);
    }

    @Test
    void whoIsNoWatcherHasNoVoice() {
        assertThat(verdict("RZ01", look("region-2", NOW, LONG, "RZ01"), look("region-9", NOW, LONG, "RZ01")))
                .isNotEqualTo(Verdict.DOWN);
    }

    @Property
    void noSingleRegionsSightTakesAnybodyOut(
            @ForAll("looks") List<Look> sights, @ForAll("regions") String liar, @ForAll("views") List<View> lies) {
        List<Look> looks = new ArrayList<>();
        sights.stream().filter(look -> !look.region().equals(liar)).forEach(look -> looks.add(working(look)));
        looks.add(new Look(liar, 1, lies));

        assertThat(UNITS).noneMatch(unit -> verdict(unit, looks) == Verdict.DOWN);
    }

    /** Whatever the two on the other side see of it, they see each other work. */
    @Property
    void aRegionThatIsCutOffTakesNobodyOut(
            @ForAll("looks") List<Look> sights, @ForAll("regions") String cutOff, @ForAll("views") List<View> seen) {
        String own = "RZ0" + cutOff.charAt(cutOff.length() - 1);
        List<Look> looks = new ArrayList<>();
        for (Look look : sights) {
            List<View> views = new ArrayList<>(working(look).views());
            views.removeIf(view -> view.unit().equals(own));
            look.views().stream().filter(view -> view.unit().equals(own)).forEach(views::add);
            looks.add(look.region().equals(cutOff) ? new Look(cutOff, 1, seen) : new Look(look.region(), 1, views));
        }

        assertThat(UNITS).noneMatch(unit -> !unit.equals(own) && verdict(unit, looks) == Verdict.DOWN);
    }

    @Property
    void whatIsStaleOrDatedLaterDoesNotCount(@ForAll("looks") List<Look> sights, @ForAll("ages") Duration age) {
        List<Look> old = sights.stream()
                .map(look -> new Look(
                        look.region(),
                        1,
                        look.views().stream()
                                .map(view -> dated(view, NOW.minus(age)))
                                .toList()))
                .toList();
        boolean counts = age.compareTo(Quorum.FRESH) <= 0 && age.compareTo(Quorum.SKEW.negated()) >= 0;

        assertThat(UNITS).allMatch(unit -> counts || verdict(unit, old) == Verdict.UNKNOWN);
        assertThat(old).allMatch(look -> look.views().stream().allMatch(view -> Quorum.isFresh(view, NOW) == counts));
    }

    /** By the right time a look counts for at least 20 s and at most 40 s, wherever within their bound the clocks are. */
    @Property
    void howOldALookMayBeIsBoundedWhateverTheClocksSay(
            @ForAll("ages") Duration age, @ForAll("skews") Duration writer, @ForAll("skews") Duration reader) {
        View view = Scene.working("RZ01", "a", NOW.minus(age).plus(writer));
        boolean fresh = Quorum.isFresh(view, NOW.plus(reader));

        if (!age.isNegative() && age.compareTo(Quorum.FRESH.minus(Quorum.SKEW)) <= 0) {
            assertThat(fresh).isTrue();
        }
        if (age.compareTo(Quorum.FRESH.plus(Quorum.SKEW)) > 0) {
            assertThat(fresh).isFalse();
        }
    }

    @Property
    void theUnitsOwnRegionNeverCountsAgainstIt(@ForAll("looks") List<Look> sights, @ForAll("views") List<View> home) {
        for (String unit : UNITS) {
            String region = RULE.unit(unit).region();
            List<Look> others = sights.stream()
                    .filter(look -> !look.region().equals(region))
                    .toList();
            List<Look> all = new ArrayList<>(others);
            all.add(new Look(region, 1, home));

            assertThat(verdict(unit, all) == Verdict.DOWN).isEqualTo(verdict(unit, others) == Verdict.DOWN);
        }
    }

    @Property
    void whatMostSeeWorkIsNotDown(@ForAll("looks") List<Look> sights) {
        for (String unit : UNITS) {
            long working = sights.stream()
                    .filter(look -> look.views().stream()
                            .allMatch(view ->
                                    Quorum.isFresh(view, NOW) && !(view.unit().equals(unit) && view.fails())))
                    .count();
            if (working >= 2) {
                assertThat(verdict(unit, sights)).isNotEqualTo(Verdict.DOWN);
            }
        }
    }

    @Provide
    Arbitrary<String> regions() {
        return Arbitraries.of(REGIONS);
    }

    @Provide
    Arbitrary<Duration> ages() {
        return Arbitraries.longs().between(-60_000, 120_000).map(Duration::ofMillis);
    }

    @Provide
    Arbitrary<Duration> skews() {
        long half = Quorum.SKEW.toMillis() / 2;
        return Arbitraries.longs().between(-half, half).map(Duration::ofMillis);
    }

    @Provide
    Arbitrary<List<Look>> looks() {
        return views().list().ofSize(REGIONS.size()).map(each -> {
            List<Look> looks = new ArrayList<>();
            for (int i = 0; i < REGIONS.size(); i++) {
                looks.add(new Look(REGIONS.get(i), 1, each.get(i)));
            }
            return looks;
        });
    }

    /** Of every colour, each as it may be. */
    @Provide
    Arbitrary<List<View>> views() {
        Arbitrary<Boolean> fails = Arbitraries.of(true, false);
        Arbitrary<Integer> lasting = Arbitraries.integers().between(0, 6);
        Arbitrary<Integer> age = Arbitraries.integers().between(0, 35);
        return Combinators.combine(
                        fails.list().ofSize(4),
                        lasting.list().ofSize(4),
                        age.list().ofSize(4))
                .as((failing, long10, ages) -> {
                    List<View> views = new ArrayList<>();
                    int i = 0;
                    for (String unit : UNITS) {
                        for (String colour : Quorum.serving(RULE.unit(unit)).toList()) {
                            Instant at = NOW.minusSeconds(ages.get(i));
                            views.add(
                                    failing.get(i)
                                            ? Scene.failing(unit, colour, at, Duration.ofSeconds(10L * long10.get(i)))
                                            : Scene.working(unit, colour, at));
                            i++;
                        }
                    }
                    return views;
                });
    }

    private static Look working(Look look) {
        return new Look(
                look.region(),
                1,
                look.views().stream()
                        .map(view -> Scene.working(view.unit(), view.colour(), view.at()))
                        .toList());
    }

    private static View dated(View view, Instant at) {
        return view.failingSince() == null
                ? Scene.working(view.unit(), view.colour(), at)
                : Scene.failing(view.unit(), view.colour(), at, Duration.between(view.failingSince(), view.at()));
    }
}
