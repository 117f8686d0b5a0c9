package doubleeleven.risk.model;

import doubleeleven.risk.model.Answer.Cause;
import doubleeleven.risk.model.Answer.Missed;
import doubleeleven.risk.model.Answer.Scored;
import doubleeleven.risk.model.Lane.Lanes;
import doubleeleven.risk.model.Lane.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks models at once and waits for none of them beyond the time there is. A model that has not come back is not asked again before it does.
 *
 * @param <I> what is known, of which each model takes its features
 */
public final class Panel<I> {
    private final List<Member<I>> members;

    private record Member<I>(Model model, Function<I, double[]> features, Lane lane) {
        double score(I known) {
            return model.score(features.apply(known));
        }
    }

    public Panel(Formulas<I> formulas, List<? extends Model> models, Lanes lanes) {
        members = models.stream()
                .map(model -> new Member<>(model, formulas.of(model), lanes.lane(model.name(), 1)))
                .toList();
    }

    /**
     * What the models say, in their order. None is asked where no time is left.
     *
     * @param left how long to wait for all of them together
     */
    public List<Answer> ask(I known, Duration left) {
        long end = System.nanoTime() + left.toNanos();
        List<Question> questions = members.stream()
                .map(member -> new Question(member.model(), left.isPositive() ? begin(member, known) : null))
                .toList();
        return questions.stream().map(question -> question.answer(end)).toList();
    }

    private static <I> Lane.Task<Scored> begin(Member<I> member, I known) {
        long asked = System.nanoTime();
        Model model = member.model();
        return member.lane()
                .begin(() -> new Scored(model.name(), model.version(), member.score(known), microsSince(asked)));
    }

    /**
     * Checks that these models still say what they said.
     *
     * @param before answers in their order; one that was missed stays so
     * @throws NotReproducible where a model is another or says something else
     */
    public void requireSame(I known, List<Answer> before) {
        if (before.size() != members.size()) {
            throw new NotReproducible(before.size() + " models answered, here are " + members.size());
        }
        for (int i = 0; i < members.size(); i++) {
            Model model = members.get(i).model();
            Answer then = before.get(i);
            if (!then.model().equals(model.name()) || !then.version().equals(model.version())) {
                throw new NotReproducible("scored by " + then.model() + " " + then.version() + ", here is "
                        + model.name() + " " + model.version());
            }
            if (then instanceof Scored scored) {
                double now = members.get(i).score(known);
                if (now != scored.score()) {
                    throw new NotReproducible(model.name() + " said " + scored.score() + ", now it says " + now);
                }
            }
        }
    }

    /** A decision that was recorded cannot be taken again here. */
    public static final class NotReproducible extends RuntimeException {
        private static final long serialVersionUID = 1;

        public NotReproducible(String message) {
            super(message);
        }
    }

    /**
     * One question to one model.
     *
     * @param task null where it was not asked
     */
    private record Question(Model model, Lane.@Nullable Task<Scored> task) {
        Answer answer(long end) {
            long waited = System.nanoTime();
            Outcome<Scored> outcome = task == null ? new Outcome.Late<>() : task.await(end);
            return switch (outcome) {
                case Outcome.Done<Scored>(Scored scored) ->
                    Double.isFinite(scored.score()) ? scored : missed(Cause.FAILED, "score " + scored.score(), waited);
                case Outcome.Failed<Scored>(Throwable cause) -> missed(Cause.FAILED, cause.toString(), waited);
                case Outcome.Late<Scored> _ -> missed(Cause.LATE, "", waited);
                case Outcome.Busy<Scored> _ -> missed(Cause.BUSY, "", waited);
            };
        }

        private Missed missed(Cause cause, String detail, long since) {
            return new Missed(model.name(), model.version(), cause, detail, microsSince(since));
        }
    }

    private static long microsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanos);
    }
}
