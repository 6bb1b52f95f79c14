package org.staffetta.itests.brisk;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;

/** Lets all through at once; by the name of the slow one, whose next version it is. */
@Component(property = Filter.NAME + "=slow")
public class BriskFilter implements Filter {}
