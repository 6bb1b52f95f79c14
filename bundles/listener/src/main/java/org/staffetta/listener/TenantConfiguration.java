package org.staffetta.listener;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** A customer, as an operator writes it. */
@ObjectClassDefinition(name = "Tenant", description = "A customer of this server: tenant.NAME.domains. Filters can be for certain tenants: filter.NAME.tenants.")
public @interface TenantConfiguration {

    @AttributeDefinition(name = "Domains", description = "What is the tenant's: example.org, .example.org for all below it.")
    String[] domains() default {};
}
