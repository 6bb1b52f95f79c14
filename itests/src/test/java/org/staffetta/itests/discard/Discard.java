package org.staffetta.itests.discard;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.management.JMException;
import javax.management.ObjectName;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;

/**
 * Delivers mail to nowhere, as Postfix's transport of this name does. The command {@code costs} tells how much that was, and how many octets the
 * JVM has allocated since its start.
 */
@Component(service = {Transport.class, Discard.class}, property = {"staffetta.name=discard",
        "osgi.command.scope=mail", "osgi.command.function=costs",
        "staffetta.command.purpose=tells what was discarded and allocated"})
public class Discard implements Transport {

    private static final Reply DONE = new Reply(250, "2.0.0", "discarded");

    private final LongAdder messages = new LongAdder();

    @Override
    public Map<Recipient, Outcome> deliver(Attempt attempt) {
        Map<Recipient, Outcome> outcomes = new HashMap<>();
        attempt.envelope().recipients().forEach(one -> outcomes.put(one, new Outcome.Delivered(DONE, "nowhere")));
        messages.increment();
        return outcomes;
    }

    /** The Gogo command: messages, octets. What virtual threads allocate is counted with the threads that carry them. */
    public void costs() throws JMException {
        System.out.println(messages.sum() + " " + ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName("java.lang:type=Threading"), "TotalThreadAllocatedBytes"));
    }
}
