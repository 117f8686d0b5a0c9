/** Audits made from the tables and their streams alone: is money conserved, and what was written for it. */
@NullMarked
package doubleeleven.it.audit;

import org.jspecify.annotations.NullMarked;
