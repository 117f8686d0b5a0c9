/** The deployment as data: Regions, units, colours and the settings in which deployments differ. */
@NullMarked
package doubleeleven.cdk.topology;

import org.jspecify.annotations.NullMarked;
