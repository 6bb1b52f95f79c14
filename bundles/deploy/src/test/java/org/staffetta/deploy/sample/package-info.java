/** Each package below is a bundle that tests bring in. */
@NullMarked
package org.staffetta.deploy.sample;

import org.jspecify.annotations.NullMarked;
