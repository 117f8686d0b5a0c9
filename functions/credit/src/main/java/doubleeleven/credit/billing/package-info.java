/** Billing: each month's bills, interest on what is overdue, and lines frozen while anything is. */
@NullMarked
package doubleeleven.credit.billing;

import org.jspecify.annotations.NullMarked;
