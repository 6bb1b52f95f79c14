/**
 * Connections to databases: {@code jdbc.<name>.url} and so on make a pool, registered as {@link javax.sql.DataSource} with the service property
 * {@code staffetta.name}. The stores name it: {@code spool.jdbc.main.database = <name>}; what uses the same database shares its pool.
 *
 * <p><b>Drivers</b> are bundles of their own that register an {@code org.osgi.service.jdbc.DataSourceFactory}, as those of PostgreSQL and H2
 * do; {@link java.sql.DriverManager} finds no drivers between bundles. The beginning of the URL says which one; while it is not there, there
 * is no data source. Whether the database can be reached is not asked: who takes a connection learns that.
 *
 * <p><b>PostgreSQL.</b> Each connection is told to wait for the disk when it commits if the server, the database or the role say otherwise; a server
 * that does not answer for two minutes is given up; all such can be set in the URL instead.
 *
 * <p><b>H2.</b> {@code jdbc:h2:<file>} is embedded; the file is relative to the data folder. It is opened so that an interrupted thread
 * does not close it for all ({@code async:}) and so that it stays open until the server lets go of it.
 *
 * <p><b>Changes.</b> A pool's size changes while it runs. Any other change makes a new pool, registered before the old one is taken
 * away, on a thread of its own: whoever uses the old one takes its time to leave it, and Configuration Admin does not wait for that.
 */
@NullMarked
package org.staffetta.jdbc;

import org.jspecify.annotations.NullMarked;
