package doubleeleven.gateway;

import doubleeleven.routing.Flow;

/**
 * One environment's part of a limit, in whole numbers: a token is as many parts as tokens come back in, a nanosecond at a time. Time that
 * runs backwards brings nothing.
 */
final class TokenBucket {
    private static final long NANOS = 1_000_000_000;
    /** Of a burst, for what gives back alone. */
    private static final int KEPT_PERCENT = 10;

    private final Flow flow;
    private final int environments;
    private final long token;
    private final long full;
    private final long kept;
    private long level;
    private long asOf;

    /**
     * Starts full. However many share a limit, one call fits into each one's part of the burst, and one more that gives back where a part is
     * kept for those.
     *
     * @param keeping whether the last part is for what gives back alone
     */
    TokenBucket(Flow flow, int environments, boolean keeping, long now) {
        this.flow = flow;
        this.environments = environments;
        this.token = environments * NANOS;
        this.full = Math.max(flow.burst() * NANOS, (keeping ? 2 : 1) * token);
        this.kept = keeping ? Math.max(full / 100 * KEPT_PERCENT, token) : 0;
        this.level = full;
        this.asOf = now;
    }

    boolean enforces(Flow wanted, int among) {
        return flow.equals(wanted) && environments == among;
    }

    /** Nanoseconds until there is a token for such a call, should nobody else come; 0 where there is one. */
    long nanosUntil(boolean givesBack, long now) {
        refill(now);
        long missing = token + (givesBack ? 0 : kept) - level;
        return missing <= 0 ? 0 : Math.ceilDiv(missing, flow.ratePerSecond());
    }

    /** Takes a token that is there. */
    void take() {
        level -= token;
    }

    /** Undoes a {@link #take} whose call came to nothing. */
    void giveBack() {
        level = Math.min(full, level + token);
    }

    private void refill(long now) {
        long elapsed = Math.max(0, now - asOf);
        asOf = now;
        long missing = full - level;
        level = elapsed > missing / flow.ratePerSecond() ? full : level + elapsed * flow.ratePerSecond();
    }
}
