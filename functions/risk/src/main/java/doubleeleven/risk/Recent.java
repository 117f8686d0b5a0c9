package doubleeleven.risk;

import java.time.Instant;

/** One paid payment of a payer, as the velocity rules remember it. */
public record Recent(Instant at, long amountMinor, String currency) {}
