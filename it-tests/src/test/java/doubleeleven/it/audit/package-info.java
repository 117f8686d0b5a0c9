/** The proofs themselves are proven: they must fail when anything is wrong. */
@NullMarked
package doubleeleven.it.audit;

import org.jspecify.annotations.NullMarked;
