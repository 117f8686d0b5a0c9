/** What commands share: options, their help, and exit codes. */
@org.jspecify.annotations.NullMarked
package doubleeleven.it.command;
