/** Notifications: telling merchants what became of their payments, without being asked. */
@NullMarked
package doubleeleven.notification;

import org.jspecify.annotations.NullMarked;
