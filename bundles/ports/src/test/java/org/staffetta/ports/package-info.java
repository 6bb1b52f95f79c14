/** Tests of the ports, and ports for the tests of others. */
@org.jspecify.annotations.NullMarked
package org.staffetta.ports;
