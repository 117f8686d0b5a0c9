/**
 * Watching the units from every Region, and taking one out that enough Regions see down: what begins is the failover that operators begin, and a
 * person alone brings a unit back.
 */
@NullMarked
package doubleeleven.gateway.watch;

import org.jspecify.annotations.NullMarked;
