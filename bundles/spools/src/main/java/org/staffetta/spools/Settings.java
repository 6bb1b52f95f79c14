package org.staffetta.spools;

/**
 * What may be set.
 *
 * @param spool that new mail goes to
 * @param atOnce how many messages of a migration are moved at a time
 */
record Settings(String spool, int atOnce) {

    /** Checks nothing: Metatype has the bounds. */
    static Settings of(SpoolsConfig config) {
        return new Settings(config.spool(), Math.max(1, config.migration_concurrency()));
    }
}
