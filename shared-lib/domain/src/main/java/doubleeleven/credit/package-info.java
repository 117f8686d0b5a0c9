/** Consumer credit: loans, instalment plans, monthly bills, what is owed on them, and how repayments and refunds take it away. */
@NullMarked
package doubleeleven.credit;

import org.jspecify.annotations.NullMarked;
