/** Identities: everything a customer, an order or an attempt is called, derived from what the caller sent. */
@NullMarked
package doubleeleven.ids;

import org.jspecify.annotations.NullMarked;
