/**
 * The commands of an administrator, and two doors to them.
 *
 * <p><b>Commands.</b> Each is a Gogo command of scope {@code mail}: {@code queue} (with {@code list}, {@code show}, {@code retry}, {@code delete},
 * {@code hold}, {@code release}, {@code lanes}; also as {@code queue:show} and so on), {@code sessions}, {@code plugins},
 * {@code explain}, {@code spool} and {@code mailbox} (each with {@code list}, {@code use}, {@code migrate}), {@code send}, {@code status},
 * {@code version}, {@code stop}, {@code help}. A bundle with a command of its own (service properties {@code osgi.command.scope=mail},
 * {@code osgi.command.function}) says in {@code staffetta.command.purpose} what it is for, and {@code help} lists it. People get
 * aligned tables in which nothing that came from outside can steer a terminal; with {@code --json} each line is one JSON object whose keys stay. Times in JSON are seconds since 1970 where Postfix's {@code postqueue -j} has them so.
 *
 * <p><b>Errors.</b> An {@link java.lang.IllegalArgumentException} is wrong usage (exit status 2), any other exception a problem (1); its message is the
 * one line that is shown. Commands of other bundles keep to the same.
 *
 * <p><b>Doors.</b> Gogo itself (the web console has it, if it is installed), and a Unix domain socket {@code control.sock} in the folder of data, for
 * {@code bin/staffetta}. The socket is made in a folder that only its owner may enter, gets mode 0600, and only then its name: who can open it is the
 * owner, by file permission. There is no TCP port. See {@link org.staffetta.shell.client}.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.shell;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
