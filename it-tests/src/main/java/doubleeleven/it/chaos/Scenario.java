package doubleeleven.it.chaos;

import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Failovers;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Sandbox.Rule;
import doubleeleven.it.client.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** What can be made to break. */
public enum Scenario {
    KILL_FUNCTIONS(
            "kill-functions",
            "JVMs of gateway, phase two, relay and risk are killed by process id in the middle of a call, again and again.") {
        @Override
        Trouble begin(Scene scene) {
            return Trouble.all(List.of(
                    // With the gateway dead nothing else has anything to do, so it has more of a rest.
                    killer(scene, "gateway", 5000, 8000),
                    killer(scene, "phase-two", 500, 3000),
                    killer(scene, "relay", 500, 3000),
                    killer(scene, "score-risk", 500, 3000)));
        }
    },
    STOP_WORKFLOWS(
            "stop-workflows",
            "Half of the running executions of payment-tcc are ended from outside, in whatever states they are, again and again.") {
        @Override
        Trouble begin(Scene scene) {
            return Trouble.repeated(
                    scene.chance(),
                    100,
                    900,
                    () -> scene
                            .sandbox()
                            .stopWorkflows("*-payment-tcc", 0.5, scene.chance().nextLong())
                            .stream()
                            .map(states -> String.join("+", states))
                            .toList());
        }
    },
    THROTTLE("throttle", "DynamoDB throttles one request in five, by either of its two errors for that.") {
        @Override
        Trouble begin(Scene scene) {
            Map<String, Rule> rules = new LinkedHashMap<>();
            for (String code : List.of("ProvisionedThroughputExceededException", "ThrottlingException")) {
                rules.put(code, tables(scene, Rule.mode("throttle").code(code), 0.1));
            }
            return Trouble.broken(scene.sandbox(), rules);
        }
    },
    ERRORS(
            "errors",
            "DynamoDB answers one request in seven with a fault of its own: half of them are not carried out, half are.") {
        @Override
        Trouble begin(Scene scene) {
            return Trouble.broken(
                    scene.sandbox(),
                    Map.of(
                            "before", tables(scene, Rule.mode("error"), 0.07),
                            "after", tables(scene, Rule.mode("lost_answer").code("InternalServerError"), 0.07)));
        }
    },
    CONFLICTS("conflicts", "One write in four meets a write of the same item in another Region.") {
        @Override
        Trouble begin(Scene scene) {
            Map<String, Rule> rules = new LinkedHashMap<>();
            for (String write : List.of("UpdateItem", "PutItem")) {
                rules.put(write, tables(scene, Rule.mode("conflict"), 0.25).call(DYNAMODB, write));
            }
            return Trouble.broken(scene.sandbox(), rules);
        }
    },
    DUPLICATES(
            "duplicates",
            "Every message sent to SQS and published to SNS is sent a second time, up to 15 seconds late and out of order.") {
        @Override
        Trouble begin(Scene scene) {
            Map<String, Rule> rules = new LinkedHashMap<>();
            for (String service : List.of("sqs", "sns")) {
                rules.put(
                        service,
                        Rule.mode("duplicate")
                                .service(service)
                                .delayMillis(15_000)
                                .share(1, scene.chance().nextInt())
                                .seconds(AT_MOST));
            }
            return Trouble.broken(scene.sandbox(), rules);
        }
    },
    REGION(
            "region",
            "One Region is unreachable altogether, its door too, and comes back; callers go to the next door.",
            Stack::regions) {
        @Override
        Trouble begin(Scene scene) {
            return unreachable(scene);
        }
    },
    HANG(
            "hang",
            "The workflows of one Region accept every payment and hang: it is run only when nobody waits for it any more.",
            Stack::regions) {
        @Override
        Trouble begin(Scene scene) {
            return dead(
                    scene,
                    Rule.mode("slow")
                            .region(scene.target())
                            .call("stepfunctions", "StartSyncExecution")
                            .delayMillis(LONGER_THAN_ANYBODY_WAITS));
        }
    },
    FAILOVER(
            "failover",
            "A Region is unreachable altogether, its unit is taken out of service by rule, and brought back once the Region is there again.",
            Stack::regions) {
        @Override
        Trouble begin(Scene scene) {
            // The key is got while every Region is there.
            Failovers failovers = new Failovers(scene.operatorOutside(scene.target()));
            String unit = failovers.unitsIn(scene.target()).getFirst();
            Trouble region = unreachable(scene);
            tell(scene, failovers.away(unit, "a drill"));
            return () -> {
                SortedMap<String, Long> hits = region.end();
                tell(scene, failovers.back(unit, "a drill"));
                return hits;
            };
        }
    },
    UNIT(
            "unit",
            "Whatever belongs to one unit refuses every call, in all its colours; its tables and its Region are well.",
            Target::units) {
        @Override
        Trouble begin(Scene scene) {
            return dead(scene, Rule.mode("unavailable").resource(Target.prefix(scene.target()) + "*"));
        }
    },
    COLOUR("colour", "Whatever belongs to one colour of a unit refuses every call.", Target::colours) {
        @Override
        Trouble begin(Scene scene) {
            return dead(scene, Rule.mode("unavailable").resource(Target.prefix(scene.target()) + "*"));
        }
    },
    FUNCTION("function", "One function of a unit refuses every call.", Target::functions) {
        @Override
        Trouble begin(Scene scene) {
            return dead(scene, Rule.mode("unavailable").service("lambda").resource(scene.target()));
        }
    },
    QUEUE("queue", "One queue of a unit takes nothing and gives nothing.", Target::queues) {
        @Override
        Trouble begin(Scene scene) {
            return dead(scene, Rule.mode("unavailable").service("sqs").resource(scene.target()));
        }
    },
    CONTROL_TABLE(
            "control-table",
            "One Region's replica of the table that says who serves which shard refuses every call.",
            Stack::regions) {
        @Override
        Trouble begin(Scene scene) {
            return dead(
                    scene,
                    Rule.mode("unavailable")
                            .service(DYNAMODB)
                            .region(scene.target())
                            .resource(PLATFORM_PREFIX + "control"));
        }
    },
    WATCHER(
            "watcher",
            "A Region is unreachable altogether and nobody commands anything: the watchers of the others take its unit out of service, once. It is brought back by command.",
            Stack::regions) {
        @Override
        Trouble begin(Scene scene) {
            String lost = scene.target();
            Failovers failovers = new Failovers(scene.operatorOutside(lost));
            List<String> units = failovers.ready(failovers.unitsIn(lost), Instant.now());
            if (units.isEmpty()) {
                throw new IllegalStateException("each unit of " + lost
                        + " was taken out by itself within the last hour: the next time a person decides");
            }
            Trouble region = unreachable(scene);
            Answer away = failovers.byItself(units.getFirst(), () -> scene.watchOutside(lost));
            scene.say().accept(away.text("region") + " began " + away.text("id") + ": " + away.text("reason"));
            tell(scene, away);
            return () -> {
                SortedMap<String, Long> hits = region.end();
                tell(scene, failovers.back(units.getFirst(), "the Region is back"));
                return hits;
            };
        }
    },
    COLD_BURST("cold-burst", "All JVMs are killed at once, then eight calls more than usual come at the same moment.") {
        @Override
        Trouble begin(Scene scene) {
            int killed = scene.sandbox().killAll(PLATFORM + "*");
            scene.load().burst(BURST);
            return Trouble.once(new TreeMap<>(Map.of("killed", (long) killed)));
        }
    };

    private static final String DYNAMODB = "dynamodb";
    private static final String PLATFORM_PREFIX = "double11-";
    private static final String PLATFORM = PLATFORM_PREFIX + "*";
    private static final int BURST = 8;
    private static final int LONGER_THAN_ANYBODY_WAITS = 20_000;
    /** A run that dies leaves no fault behind for long. */
    private static final int AT_MOST = 600;
    /** So that none ends before it is ended. */
    static final int SECONDS_AT_MOST = AT_MOST / 2;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration OFTEN = Duration.ofMillis(30);

    private final String title;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // all of them are methods without any state
    private final Function<Stack, List<String>> targets;

    Scenario(String title, String sentence) {
        this(title, sentence, _ -> List.of());
    }

    Scenario(String title, String sentence, Function<Stack, List<String>> targets) {
        this.title = title;
        this.sentence = sentence;
        this.targets = targets;
    }

    public String title() {
        return title;
    }

    String sentence() {
        return sentence;
    }

    /** What of the stack it can hit, one at a time; nothing where there is no choice. */
    List<String> targets(Stack stack) {
        return targets.apply(stack);
    }

    abstract Trouble begin(Scene scene);

    static Optional<Scenario> named(String title) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.title.equals(title))
                .findFirst();
    }

    /** Kills one kind of function whenever it is in the middle of a call, and then gives it a rest. */
    private static Trouble killer(Scene scene, String victim, long shortestMillis, long longestMillis) {
        return Trouble.repeated(new Random(scene.chance().nextLong()), shortestMillis, longestMillis, () -> {
            int[] killed = {0};
            Pause.until(LONGEST_WAIT, OFTEN, () -> {
                killed[0] = scene.sandbox().killBusy(PLATFORM + victim);
                return killed[0] > 0;
            });
            return Collections.nCopies(killed[0], victim);
        });
    }

    private static Trouble unreachable(Scene scene) {
        return dead(scene, Rule.mode("unavailable").region(scene.target()));
    }

    private static Trouble dead(Scene scene, Rule rule) {
        return Trouble.broken(scene.sandbox(), Map.of(scene.target(), rule.seconds(AT_MOST)));
    }

    /** Each note of a failover; one that was not brought to its end ends the experiment. */
    private static void tell(Scene scene, Answer failover) {
        failover.objects("notes")
                .forEach(note -> scene.say().accept(note.get("at") + " " + note.get("step") + " " + note.get("text")));
        if (!failover.text("state").equals("DONE")) {
            throw new IllegalStateException("the failover is " + failover.text("state") + ": " + failover.text());
        }
    }

    /** A share of the requests to the platform's tables. */
    private static Rule tables(Scene scene, Rule rule, double share) {
        return rule.service(DYNAMODB)
                .contains(PLATFORM_PREFIX)
                .share(share, scene.chance().nextInt())
                .seconds(AT_MOST);
    }
}
