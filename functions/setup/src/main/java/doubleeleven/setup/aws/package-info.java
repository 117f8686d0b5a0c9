/** What a deployment needs once: where a replica's stream is, the first routing rule, an operator's first key. */
@NullMarked
package doubleeleven.setup.aws;

import org.jspecify.annotations.NullMarked;
