package org.staffetta.api.filter;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The filters of one listener as they would be asked now. One service for each listener. May be called from any thread. */
@ProviderType
public interface Chain {

    /** The configured name of the listener. */
    String listener();

    /** The filters in the order in which they are asked. Of a filter that is there in two versions there are two links. */
    List<Link> links();

    /** One filter, as it stood when this was read. */
    @ProviderType
    interface Link {

        /** The name by which the configuration knows it. */
        String name();

        /** The version of its bundle; empty if it is not there. */
        String version();

        /** {@code serves}, or {@code canary}: a newer version that is tried beside the one that serves. */
        String role();

        /** {@code enforce}, {@code shadow} (its verdict has no effect) or {@code off}. */
        String mode();

        /** For how many it is asked: {@code 100%}. */
        String share();

        /** For whom it is asked, in the words of the configuration; empty if for all. */
        String scope();

        /** What is done when it fails: {@code closed}, the client is told to come back, or {@code open}, it is skipped. */
        String failure();

        /** As {@link org.staffetta.api.plugin.Plugins.Plugin#breaker()}; empty if it is not there. */
        String breaker();

        /**
         * How often it was asked, {@code asked}; by what it said, {@code proceed}, {@code refuse}, {@code defer}, {@code quarantine}, {@code discard};
         * how often it failed, {@code failed}; and, where its verdicts have no effect, how often one would have made a difference,
         * {@code differed}. Since the listener started, versions that held the same role before included.
         */
        Map<String, Long> counters();

        /**
         * What it has found, by the words of its {@link Finding findings}: {@code spf=pass} to a number. Each finding counts, so of a message with two
         * signatures there are two. What a filter refuses it gives no findings of: that is in {@link #counters()}. Since the listener started, as these;
         * not more than some tens of different words.
         */
        Map<String, Long> results();

        /**
         * Whether it is asked for mail to a domain, share aside.
         *
         * @param domain of the recipient; empty for any
         * @param authenticated whether the client has logged in
         */
        boolean asks(String domain, boolean authenticated);
    }
}
