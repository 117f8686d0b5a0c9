/** Delivering notifications: once at least, later where a merchant does not take them now, without making others wait. */
@NullMarked
package doubleeleven.notification.delivery;

import org.jspecify.annotations.NullMarked;
