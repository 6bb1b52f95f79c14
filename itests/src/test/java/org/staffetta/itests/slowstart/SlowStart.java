package org.staffetta.itests.slowstart;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;

/** A later version of the filter of subjects, which takes longer to start than anybody waits. */
@Component(property = Filter.NAME + "=subject")
public class SlowStart implements Filter {

    /** Takes its time. */
    @Activate
    public SlowStart() throws InterruptedException {
        Thread.sleep(600_000);
    }
}
