package org.staffetta.plugins;

import java.time.Duration;

/**
 * How a plug-in is called.
 *
 * @param deadline of each call; zero for none, where the caller has one of its own
 * @param isolated whether on threads of its own
 * @param breaker when it is left alone
 * @param limits for isolated calls
 */
record Terms(Duration deadline, boolean isolated, Breaker.Terms breaker, Isolated.Limits limits) {}
