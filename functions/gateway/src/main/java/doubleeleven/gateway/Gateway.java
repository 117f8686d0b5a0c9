package doubleeleven.gateway;

import doubleeleven.credit.Terms;
import doubleeleven.gateway.release.Counts;
import doubleeleven.gateway.release.TallySheet;
import doubleeleven.gateway.watch.TrafficReports;
import doubleeleven.gateway.watch.TrafficSheet;
import doubleeleven.ids.OrderHash;
import doubleeleven.routing.Traffic;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Payments, refunds, accounts: every call of the API but those of operations. */
public final class Gateway {
    private final Door door;
    private final Crossing crossing;
    private final Journal journal;
    private final Runnable reads;

    /**
     * Everything the gateway needs from outside.
     *
     * @param region whose door this is
     * @param loopbackEndpoints whether merchants may be told on this machine as well: in a sandbox
     * @param hedgeAfter how long a unit is waited for before its standby is asked as well
     * @param traffic whose calls it takes
     * @param shadow where calls of stress tests go on; none where there is none, and in the shadow itself
     */
    public record Ports(
            String region,
            Keys keys,
            Accounts accounts,
            Endpoints endpoints,
            boolean loopbackEndpoints,
            Payments payments,
            Credits credits,
            Rules rules,
            Units units,
            Racing racing,
            Duration hedgeAfter,
            Counts counts,
            TrafficReports reports,
            Terms terms,
            Traffic traffic,
            StressTests stressTests,
            Optional<ShadowGateway> shadow,
            Journal journal,
            RandomGenerator random,
            Clock clock) {}

    public Gateway(Ports ports) {
        Clock clock = ports.clock();
        this.journal = ports.journal();
        Profiles profiles = new Profiles(ports.accounts(), clock);
        Consents consents = new Consents(clock);
        TallySheet tallies = new TallySheet(
                ports.counts(), e -> journal.error("counts of colours were not handed in", Map.of(), e), clock);
        TrafficSheet sheet = new TrafficSheet(
                ports.reports(), e -> journal.error("the watcher was not told of a unit", Map.of(), e), clock);
        ShadowSeen seen = new ShadowSeen(clock);
        Dispatcher dispatcher = new Dispatcher(ports, tallies, sheet, seen);
        Takings takings = new Takings(ports.accounts(), clock);
        Outcomes outcomes = new Outcomes(dispatcher, ports.payments(), journal);
        PayDesk pays = new PayDesk(
                ports.accounts(),
                profiles,
                consents,
                dispatcher,
                outcomes,
                ports.terms(),
                new Switches(ports.rules(), journal));
        RefundDesk refunds = new RefundDesk(
                ports.accounts(), takings, ports.payments(), ports.credits(), profiles, dispatcher, outcomes, clock);
        TransferDesk transfers = new TransferDesk(profiles, consents, dispatcher, outcomes);
        RepaymentDesk repayments =
                new RepaymentDesk(ports.credits(), ports.payments(), profiles, consents, dispatcher, outcomes, clock);
        CreditEnquiries credit = new CreditEnquiries(ports.accounts(), ports.credits(), ports.terms(), clock);
        ApplicationDesk applications =
                new ApplicationDesk(ports.accounts(), ports.credits(), profiles, consents, dispatcher, clock);
        TopUps topUps = new TopUps(profiles, dispatcher, outcomes);
        AccountDesk openings =
                new AccountDesk(ports.accounts(), profiles, ports.keys(), consents, ports.random(), clock);
        EndpointDesk endpoints =
                new EndpointDesk(ports.endpoints(), profiles, ports.loopbackEndpoints(), ports.random(), clock);
        Enquiries enquiries = new Enquiries(ports.accounts(), ports.payments(), profiles, takings);
        Map<Route, Function<Call, Checked<Answer>>> desks = new EnumMap<>(Route.class);
        desks.put(Route.PAY, pays::pay);
        desks.put(Route.PAYMENT, enquiries::payment);
        desks.put(Route.REFUND, refunds::refund);
        desks.put(Route.REFUND_STATE, enquiries::refund);
        desks.put(Route.TRANSFER, transfers::transfer);
        desks.put(Route.TRANSFER_STATE, enquiries::transfer);
        desks.put(Route.OPEN_CUSTOMER, openings::openCustomer);
        desks.put(Route.TOP_UP_CUSTOMER, topUps::ofCustomer);
        desks.put(Route.OPEN_COUPON, openings::openCoupon);
        desks.put(Route.OPEN_MANDATE, openings::openMandate);
        desks.put(Route.ACCOUNTS, enquiries::accounts);
        desks.put(Route.APPLY_FOR_CREDIT, applications::apply);
        desks.put(Route.CREDIT_APPLICATION, applications::show);
        desks.put(Route.CREDIT_LINE, credit::line);
        desks.put(Route.BILLS, credit::bills);
        desks.put(Route.BILL, credit::bill);
        desks.put(Route.REPAY, repayments::repay);
        desks.put(Route.REPAYMENT_STATE, enquiries::repayment);
        desks.put(Route.OPEN_MERCHANT, openings::openMerchant);
        desks.put(Route.TOP_UP_MERCHANT, topUps::ofMerchant);
        desks.put(Route.REPLACE_KEY, openings::replaceKey);
        desks.put(Route.MERCHANT_BALANCE, enquiries::balance);
        desks.put(Route.SET_ENDPOINT, endpoints::set);
        desks.put(Route.ENDPOINT, endpoints::show);
        desks.put(Route.REMOVE_ENDPOINT, endpoints::remove);
        Health health = new Health(ports.rules(), ports.region());
        this.door = new Door(
                desks,
                Map.of(Route.HEALTH, health::now),
                new Authenticator(ports.keys(), clock),
                journal,
                ports.random(),
                clock,
                "");
        this.crossing = new Crossing(
                ports.traffic(),
                door,
                new Marks(ports.stressTests(), clock),
                ports.shadow(),
                seen,
                journal,
                ports.random());
        this.reads = () -> {
            ports.rules().current();
            profiles.customer("prime");
            profiles.merchant("prime");
            ports.payments().find(OrderHash.ofOrder("prime", "prime"));
            PublicKeys.decode("A".repeat(43));
        };
    }

    /** Walks the reading part of a payment once, for nobody: what it loads is there when the first caller comes. */
    public void prime() {
        reads.run();
        Answer refused = door.answer(new Request(
                "POST",
                "/payments",
                Map.of("Authorization", "Bearer prime." + "0".repeat(43), "Idempotency-Key", "prime"),
                "{}"));
        journal.info("primed", Map.of("status", refused.status()));
    }

    public Answer answer(Request request) {
        return crossing.answer(request);
    }
}
