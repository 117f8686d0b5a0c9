/** The same scenarios in one process and on the deployed stack: what is answered, written and gone through must be the same. */
package doubleeleven.rig.differential;
