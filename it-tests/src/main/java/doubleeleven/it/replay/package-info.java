/** The main job: real orders of a year, replayed through every Region's door, audited afterwards. */
@NullMarked
package doubleeleven.it.replay;

import org.jspecify.annotations.NullMarked;
