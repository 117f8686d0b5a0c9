package doubleeleven.rig.sim;

import doubleeleven.aws.Json;
import doubleeleven.it.client.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Operators who publish one version of the routing rule after the other, by the API alone. Units swap equally many shards, so that the peak can
 * still be carried without any of them; or they change their standbys; or a unit is forbidden, and allowed again some versions later; or what was
 * in force some time ago comes back.
 */
final class Publishers {
    private static final String RULE = "/operations/routing-rule";
    private static final String ROLLBACK = RULE + "/rollback";
    private static final int MOST_SWAPPED = 12;

    private final Operator operator;
    private final SplittableRandom random;
    private final Runnable pause;
    private final LongSupplier inForce;
    private final Consumer<String> violations;
    /** What was begun, not known to be done, and given up. */
    private long brokenOff;

    private long unanswered;

    /**
     * Sets them up.
     *
     * @param pause waits a little
     * @param inForce the newest version there really is
     * @param violations told of what no operator understands
     */
    Publishers(
            Operator operator,
            SplittableRandom random,
            Runnable pause,
            LongSupplier inForce,
            Consumer<String> violations) {
        this.operator = operator;
        this.random = random;
        this.pause = pause;
        this.inForce = inForce;
        this.violations = violations;
    }

    /** Calls that came to nothing known: some versions are in force, some with a part of their routes. */
    long unanswered() {
        return unanswered;
    }

    /** Publishes a version, and another one where somebody else was faster. Some give up when they get no answer. */
    void publish() {
        while (!isPublished(true)) {
            pause.run();
        }
    }

    /** Goes on publishing until that version is in force, and every unit is told of the newest one. */
    void publishUpTo(long version) {
        while (inForce.getAsLong() < version) {
            if (!isPublished(false)) {
                pause.run();
            }
        }
        finish();
    }

    /** Makes the call once more that somebody broke off, if nobody has published since: that is what operators are told to do. */
    void finish() {
        while (brokenOff != 0 && brokenOff == inForce.getAsLong()) {
            Answer current = operator.get(RULE);
            if (current.status() == 200) {
                long version = current.integer("version");
                Answer answer = operator.post(RULE, publication(Json.child(current.body(), "document"), version - 1));
                if (answer.status() == 201 && version == brokenOff) {
                    brokenOff = 0;
                }
            }
            pause.run();
        }
    }

    private boolean isPublished(boolean givesUp) {
        Answer current = operator.get(RULE);
        if (current.status() != 200) {
            return false;
        }
        long version = current.integer("version");
        int drawn = random.nextInt(8);
        boolean back = drawn < 2 && version > 2;
        Map<String, Object> body = back
                ? Map.of(
                        "toVersion",
                        random.nextLong(Math.max(1, version - 6), version),
                        "expectedVersion",
                        version,
                        "reason",
                        "back to what it was")
                : publication(next(Json.child(current.body(), "document"), drawn), version);
        while (true) {
            Answer answer = operator.post(back ? ROLLBACK : RULE, body);
            if (answer.status() == 201) {
                brokenOff = brokenOff == version + 1 ? 0 : brokenOff;
                return true;
            }
            if (answer.status() == 409) {
                return false;
            }
            if (answer.status() != 0 && answer.status() < 500) {
                violations.accept("an answer that no publisher understands: " + answer);
                return true;
            }
            unanswered++;
            // Whoever breaks off, and whoever goes on and will not come to the end of it: both are found by this.
            brokenOff = Math.max(brokenOff, version + 1);
            if (givesUp && random.nextInt(3) == 0) {
                return true;
            }
            pause.run();
        }
    }

    private static Map<String, Object> publication(Map<String, Object> document, long expected) {
        return Map.of("document", document, "expectedVersion", expected, "reason", "a switch");
    }

    private Map<String, Object> next(Map<String, Object> document, int drawn) {
        List<Map<String, Object>> units = Json.objects(document, "units");
        List<Map<String, Object>> forbidden =
                units.stream().filter(unit -> unit.containsKey("forbidden")).toList();
        List<Map<String, Object>> dispensable =
                units.stream().filter(unit -> isDispensable(unit, units)).toList();
        if (!forbidden.isEmpty() && random.nextBoolean()) {
            forbidden.forEach(unit -> allow(unit, units));
        } else if (forbidden.isEmpty() && drawn == 2) {
            turn(units);
        } else if (forbidden.isEmpty() && drawn < 5 && !dispensable.isEmpty()) {
            forbid(dispensable.get(random.nextInt(dispensable.size())), units);
        } else {
            swap(units);
        }
        Map<String, Object> next = new LinkedHashMap<>(document);
        next.put("units", units);
        return next;
    }

    /** Each unit stands by for the one that stood by for it. */
    private static void turn(List<Map<String, Object>> units) {
        Map<String, String> wards = new HashMap<>();
        units.forEach(unit -> wards.put(standby(unit), name(unit)));
        units.forEach(unit -> unit.put("standby", wards.get(name(unit))));
    }

    /** Whether its wards lie elsewhere than its standby, which can stand by for them too. */
    private static boolean isDispensable(Map<String, Object> unit, List<Map<String, Object>> units) {
        String region = units.stream()
                .filter(each -> name(each).equals(standby(unit)))
                .map(Publishers::region)
                .findFirst()
                .orElseThrow();
        return wards(name(unit), units).noneMatch(ward -> region(ward).equals(region));
    }

    /** The unit serves nobody: its standby does, and stands by for its wards, since a unit that serves nobody cannot. */
    private static void forbid(Map<String, Object> unit, List<Map<String, Object>> units) {
        wards(name(unit), units).toList().forEach(ward -> ward.put("standby", standby(unit)));
        unit.put("forbidden", true);
    }

    /** The unit serves again, and has a ward again. */
    private static void allow(Map<String, Object> unit, List<Map<String, Object>> units) {
        unit.remove("forbidden");
        wards(standby(unit), units)
                .filter(each -> !region(each).equals(region(unit)))
                .findFirst()
                .ifPresent(ward -> ward.put("standby", name(unit)));
    }

    private static Stream<Map<String, Object>> wards(String standby, List<Map<String, Object>> units) {
        return units.stream().filter(unit -> standby(unit).equals(standby));
    }

    private static String name(Map<String, Object> unit) {
        return Json.text(unit, "name");
    }

    private static String region(Map<String, Object> unit) {
        return Json.text(unit, "region");
    }

    private static String standby(Map<String, Object> unit) {
        return Json.text(unit, "standby");
    }

    private void swap(List<Map<String, Object>> units) {
        Collections.shuffle(units, new Random(random.nextLong()));
        List<Integer> ones = shards(units.get(0));
        List<Integer> others = shards(units.get(1));
        int many = random.nextInt(1, 1 + Math.min(MOST_SWAPPED, Math.min(ones.size(), others.size())));
        Collections.shuffle(ones, new Random(random.nextLong()));
        Collections.shuffle(others, new Random(random.nextLong()));
        for (int i = 0; i < many; i++) {
            int one = ones.get(i);
            ones.set(i, others.get(i));
            others.set(i, one);
        }
        put(units.get(0), ones);
        put(units.get(1), others);
    }

    private static List<Integer> shards(Map<String, Object> unit) {
        List<Integer> shards = new ArrayList<>();
        for (String range : Json.texts(unit, "shards")) {
            int last = Integer.parseInt(range.substring(3));
            for (int shard = Integer.parseInt(range.substring(0, 2)); shard <= last; shard++) {
                shards.add(shard);
            }
        }
        return shards;
    }

    private static void put(Map<String, Object> unit, List<Integer> shards) {
        unit.put("shards", shards.stream().map("%1$02d-%1$02d"::formatted).toList());
    }
}
