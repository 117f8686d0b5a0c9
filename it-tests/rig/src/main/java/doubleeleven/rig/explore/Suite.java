package doubleeleven.rig.explore;

import doubleeleven.rig.explore.Scenario.Bounds;
import java.util.ArrayList;
import java.util.List;

/** Which scenarios are explored how far. */
final class Suite {
    private Suite() {}

    /** Every race, short enough to run with all tests. */
    static List<Scenario> quick() {
        List<Scenario> all = new ArrayList<>(small());
        all.add(Scenarios.otherAmount(1, new Bounds(1, 1, 0, true, false)));
        all.add(Scenarios.equal(1, new Bounds(1, 1, 1, true, false)));
        return all;
    }

    /** Where a missing guard is looked for: the smallest first, so that most are met early. */
    static List<Scenario> small() {
        Bounds noFault = new Bounds(0, 1, 0, true, false);
        Bounds early = new Bounds(0, 1, 1, true, false);
        Bounds oneFault = new Bounds(1, 1, 0, true, false);
        List<Scenario> all = new ArrayList<>(refusals());
        all.add(Scenarios.afterADecline(1, early));
        all.add(Scenarios.daysLater(1, early));
        all.add(Scenarios.equal(1, early));
        all.add(Scenarios.otherAmount(1, early));
        all.add(Scenarios.daysLater(3, noFault));
        all.add(Scenarios.afterADecline(2, noFault));
        all.add(Scenarios.equal(2, noFault));
        all.add(Scenarios.shared(early));
        all.add(Scenarios.transfer(noFault));
        all.add(Scenarios.racingRefunds(new Bounds(0, 1, 0, false, false)));
        all.add(Scenarios.racingRefundsOfAShare(new Bounds(0, 1, 0, false, false)));
        all.add(Scenarios.onCredit(early));
        all.add(Scenarios.racingRepayments(new Bounds(0, 1, 0, false, false)));
        all.add(Scenarios.posting(new Bounds(1, 2, 0, false, true)));
        all.add(Scenarios.daysLater(1, oneFault));
        all.add(Scenarios.afterADecline(1, oneFault));
        all.add(Scenarios.afterADecline(1, new Bounds(1, 2, 0, true, false)));
        all.add(Scenarios.otherPayer(1, oneFault));
        all.add(Scenarios.otherSource(1, oneFault));
        Bounds twoEarly = new Bounds(1, 1, 2, false, false);
        all.add(Scenarios.committed(twoEarly));
        all.add(Scenarios.committedTransfer(twoEarly));
        all.add(Scenarios.committedToTwo(twoEarly));
        all.add(Scenarios.billedMeanwhile(twoEarly));
        all.add(Scenarios.committedRepayment(twoEarly));
        all.add(Scenarios.committedRefundOfAShare(twoEarly));
        all.add(Scenarios.aborted(new Bounds(1, 1, 2, true, false)));
        all.add(Scenarios.abandoned(new Bounds(1, 1, 1, true, false)));
        all.add(Scenarios.pruned(new Bounds(1, 1, 0, false, false)));
        all.add(Scenarios.batches(new Bounds(0, 2, 0, false, true)));
        all.add(Scenarios.removedEntry(new Bounds(0, 1, 0, false, true)));
        all.add(Scenarios.paidAlready(new Bounds(3, 1, 0, false, false)));
        all.add(Scenarios.paidAlreadyWithoutAccount(new Bounds(6, 1, 0, false, false)));
        all.add(Scenarios.depositedAlready(new Bounds(3, 1, 0, false, false)));
        all.add(Scenarios.transfer(early));
        all.add(Scenarios.repeatedAgainstAnother(noFault));
        return all;
    }

    /** What must be refused, one reason each. */
    private static List<Scenario> refusals() {
        Bounds bounds = new Bounds(0, 1, 0, false, false);
        return List.of(
                Scenarios.poor(bounds),
                Scenarios.noSuchAccount(bounds),
                Scenarios.carelessFloor(bounds),
                Scenarios.triedTooOften(new Bounds(0, 1, 0, true, false)),
                Scenarios.otherCurrency(bounds),
                Scenarios.expired(bounds),
                Scenarios.crowded(bounds),
                Scenarios.noSuchPayee(bounds),
                Scenarios.payeeOfOtherCurrency(bounds),
                Scenarios.crowdedPayee(bounds),
                Scenarios.refundOfNothing(bounds),
                Scenarios.outdatedRefund(100, bounds),
                Scenarios.outdatedRefund(50, bounds));
    }

    /** By command, after the quick one, further. The more sources a payment has, the less that goes wrong fits into one history. */
    static List<Scenario> thorough() {
        Bounds oneFault = new Bounds(1, 1, 0, true, false);
        Bounds oneFaultEarly = new Bounds(1, 1, 1, true, false);
        Bounds twoFaults = new Bounds(2, 1, 0, true, false);
        Bounds twoFaultsEarly = new Bounds(2, 1, 1, true, false);
        List<Scenario> all = new ArrayList<>();
        for (int sources = 1; sources <= 3; sources++) {
            Bounds alone = sources == 1 ? twoFaultsEarly : twoFaults;
            Bounds racing = sources == 3 ? oneFault : alone;
            all.add(Scenarios.equal(sources, racing));
            all.add(Scenarios.otherAmount(sources, racing));
            all.add(Scenarios.otherPayer(sources, racing));
            all.add(Scenarios.otherSource(sources, racing));
            all.add(Scenarios.afterADecline(sources, alone));
            all.add(Scenarios.daysLater(sources, alone));
        }
        all.add(Scenarios.equal(1, new Bounds(2, 2, 0, true, false)));
        all.add(Scenarios.equal(2, oneFaultEarly));
        all.add(Scenarios.transfer(twoFaults));
        all.add(Scenarios.transfer(oneFaultEarly));
        all.add(Scenarios.shared(twoFaultsEarly));
        all.add(Scenarios.onCredit(twoFaultsEarly));
        all.add(Scenarios.racingRepayments(oneFault));
        all.add(Scenarios.racingRefunds(new Bounds(2, 1, 0, false, false)));
        all.add(Scenarios.racingRefundsOfAShare(new Bounds(1, 1, 0, false, false)));
        all.add(Scenarios.posting(new Bounds(2, 2, 1, false, true)));
        return all;
    }
}
