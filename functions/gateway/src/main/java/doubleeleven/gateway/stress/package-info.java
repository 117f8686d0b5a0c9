/** Stress tests: load on the shadow, planned beforehand, and what is judged by while live traffic goes on. */
@NullMarked
package doubleeleven.gateway.stress;

import org.jspecify.annotations.NullMarked;
