/** Faults under load: each is begun and ended while real payments go on, and the tables are audited afterwards. */
@NullMarked
package doubleeleven.it.chaos;

import org.jspecify.annotations.NullMarked;
