package doubleeleven.rig.sim;

import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import doubleeleven.rig.regions.GlobalTables;
import doubleeleven.rig.sim.Faults.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What befalls whole Regions and units for a while: they are lost, cut off, hang, or cannot read the rule. */
final class Outages {
    private static final long SECOND = 1_000_000;

    private final World world;
    private final Scheduler scheduler;
    private final Faults faults;
    private final Network network;
    private final GlobalTables tables;
    private final Admissions admissions;
    private final SplittableRandom random;

    Outages(
            World world,
            Scheduler scheduler,
            Faults faults,
            Network network,
            GlobalTables tables,
            Admissions admissions,
            SplittableRandom random) {
        this.world = world;
        this.scheduler = scheduler;
        this.faults = faults;
        this.network = network;
        this.tables = tables;
        this.admissions = admissions;
        this.random = random;
    }

    /** Each may begin in any second from then until then. */
    void strike(long from, long until) {
        for (long second = from; second < until; second += SECOND) {
            scheduler.at(second, this::perhapsLoseARegion);
            scheduler.at(second, this::perhapsCutARegionOff);
            scheduler.at(second, this::perhapsHangAUnit);
            scheduler.at(second, this::perhapsKeepTheRuleFromARegion);
        }
    }

    private void perhapsLoseARegion() {
        if (!faults.strikes(Kind.REGION_AWAY)) {
            return;
        }
        List<String> regions = world.topology().regions();
        String region = regions.get(random.nextInt(regions.size()));
        if (regions.stream().anyMatch(network::isAway) || network.isCutOff(region)) {
            return;
        }
        faults.count(Kind.REGION_AWAY);
        long back = scheduler.micros() + random.nextLong(3 * SECOND, 45 * SECOND);
        network.away(region, back);
        if (faults.even()) {
            // The tables with the functions; else what the dead have sent still lands.
            tables.lose(region);
            outUntil(back, region);
        }
        Set<String> gone = new LinkedHashSet<>(List.of(region));
        world.cells().stream()
                .filter(cell -> world.regionOf(cell).equals(region))
                .forEach(gone::add);
        scheduler.stopAll(part -> gone.contains(part.substring(0, part.indexOf('/'))));
    }

    private void perhapsHangAUnit() {
        if (faults.strikes(Kind.UNIT_HANGS)) {
            faults.count(Kind.UNIT_HANGS);
            List<Topology.Unit> units = world.topology().units();
            network.hang(
                    units.get(random.nextInt(units.size())).name(),
                    scheduler.micros() + random.nextLong(3 * SECOND, 30 * SECOND));
        }
    }

    private void perhapsKeepTheRuleFromARegion() {
        if (faults.strikes(Kind.RULE_UNREADABLE)) {
            faults.count(Kind.RULE_UNREADABLE);
            List<String> regions = world.topology().regions();
            network.keepTheRuleFrom(
                    regions.get(random.nextInt(regions.size())),
                    scheduler.micros() + random.nextLong(3 * SECOND, 60 * SECOND));
        }
    }

    private void perhapsCutARegionOff() {
        if (!faults.strikes(Kind.REGION_CUT_OFF)) {
            return;
        }
        List<String> regions = world.topology().regions();
        String region = regions.get(random.nextInt(regions.size()));
        if (regions.stream().anyMatch(network::isCutOff) || network.isAway(region)) {
            return;
        }
        faults.count(Kind.REGION_CUT_OFF);
        long back = scheduler.micros() + random.nextLong(3 * SECOND, 60 * SECOND);
        network.cutOff(region, back);
        tables.cutOff(region);
        outUntil(back, region);
    }

    private void outUntil(long back, String region) {
        admissions.out(region);
        scheduler.at(back, () -> {
            tables.restore(region);
            admissions.back(region);
        });
    }
}
