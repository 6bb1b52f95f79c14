package org.staffetta.dns;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings. Changes are live: the next question is asked with them; the cache begins anew. */
@ObjectClassDefinition(name = "DNS", description = "Asks the domain name system.")
@interface DnsConfig {

    @AttributeDefinition(name = "Servers", description = "The recursive servers to ask, as address or address:port, IPv6 in brackets; by default those of the system.")
    String[] servers() default {};

    @AttributeDefinition(name = "Trusted for DNSSEC", description = "Servers whose word is believed that an answer is validated, as addresses, or 'loopback' for those on this machine. The way to them must be safe.")
    String[] dnssec_trusted() default {"loopback"};

    @AttributeDefinition(name = "Time-out", description = "Milliseconds to wait for one server.", min = "10", max = "60000")
    int timeout() default 3_000;

    @AttributeDefinition(name = "Deadline", description = "Milliseconds that one question may take in all.", min = "10", max = "300000")
    int deadline() default 15_000;

    @AttributeDefinition(name = "Retries", description = "How often the servers are asked again that gave no answer.", min = "0", max = "10")
    int retries() default 2;

    @AttributeDefinition(name = "Cache: size", description = "Octets that the cache may have; 0 keeps nothing.", min = "0", max = "1073741824")
    int cache_size() default 16_777_216;

    @AttributeDefinition(name = "Cache: least TTL", description = "Seconds that an answer is kept at least.", min = "0", max = "86400")
    int cache_ttl_min() default 0;

    @AttributeDefinition(name = "Cache: most TTL", description = "Seconds that an answer is kept at most.", min = "0", max = "604800")
    int cache_ttl_max() default 3_600;

    @AttributeDefinition(name = "Cache: most negative TTL", description = "Seconds that it is kept at most that something does not exist.", min = "0", max = "86400")
    int cache_negative_ttl_max() default 300;

    @AttributeDefinition(name = "Cache: failures", description = "Seconds that it is kept that there was no answer.", min = "0", max = "300")
    int cache_failure_ttl() default 5;
}
