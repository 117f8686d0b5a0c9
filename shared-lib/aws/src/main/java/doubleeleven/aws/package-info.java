/** What every function needs of AWS: clients, JSON, log lines, metrics, settings. */
@NullMarked
package doubleeleven.aws;

import org.jspecify.annotations.NullMarked;
