/**
 * The client of the control socket: what {@code bin/staffetta} starts for a one-shot command. It needs the JDK and nothing else, and is written to
 * start fast: no lambda, no stream, no string concatenation by {@code invokedynamic}, for each costs the start of a JVM more than the command itself.
 *
 * <p><b>Protocol.</b> Both sides send frames: one octet of type, four of length (big-endian), the octets. The client sends one {@code A} for each
 * argument and an empty {@code G} (go), then its standard input in frames {@code I}, ended by an empty {@code Z}. The server answers with {@code O}
 * (standard output) and {@code E} (standard error) as they come, and ends with {@code X}: one octet, the exit status. Limits:
 * {@link org.staffetta.shell.client.Control}.
 *
 * <p><b>Exit status.</b> 0: done; 1: a problem was found; 2: wrong usage; 75: the server is not running (EX_TEMPFAIL of sysexits).
 */
@NullMarked
package org.staffetta.shell.client;

import org.jspecify.annotations.NullMarked;
