package doubleeleven.it.chaos;

import doubleeleven.it.client.Sandbox;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where a fault is made.
 *
 * @param chance chooses everything that is chosen by chance; used by one thread at a time
 */
record Scene(Sandbox sandbox, Load load, List<String> regions, RandomGenerator chance) {}
