/** Credit: whether an applicant gets a line, up to which limit, and if not, why. */
@NullMarked
package doubleeleven.risk.credit;

import org.jspecify.annotations.NullMarked;
