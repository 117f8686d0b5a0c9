/** Payments: one TCC transaction each, its lifecycle, its branches and the reasons it may be declined for. */
@NullMarked
package doubleeleven.payment;

import org.jspecify.annotations.NullMarked;
