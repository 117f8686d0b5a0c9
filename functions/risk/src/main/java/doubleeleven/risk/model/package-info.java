/** Models from flat arrays, without a library: what training wrote, evaluated exactly as training evaluated it. */
@NullMarked
package doubleeleven.risk.model;

import org.jspecify.annotations.NullMarked;
