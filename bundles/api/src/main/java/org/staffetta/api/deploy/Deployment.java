package org.staffetta.api.deploy;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Brings bundles in, replaces them and takes them out while mail flows. One operation runs at a time; each call returns when the operation is over, but for
 * the end of an old version: that one finishes what it has begun in its own time. Calls may come from any thread, and an interrupt
 * does not end an operation that has begun.
 *
 * <p>The folder {@code deploy/} is the truth: what is done here is done to the files there too, and so survives a restart.
 */
@ProviderType
public interface Deployment {

    /** The manifest header that says how two versions of a bundle get along: {@code beside}, {@code replace} or {@code restart}. */
    String UPDATE = "Staffetta-Update";

    /**
     * Brings in a bundle of which there is no version yet.
     *
     * @param jar a copy is taken
     * @throws DeploymentException if it was not brought in; the message says why
     */
    Deployed install(Path jar, Progress progress) throws DeploymentException;

    /**
     * Brings in a bundle and leaves the versions of it that are there where they are. Whoever asks by name gets the highest version.
     *
     * @throws DeploymentException if it was not brought in; the message says why
     */
    Deployed installBeside(Path jar, Progress progress) throws DeploymentException;

    /**
     * Replaces the bundle of the same symbolic name, which may be one of the distribution. The version may be higher, lower or the same.
     *
     * @throws DeploymentException if it was not replaced; the message says why, and the old one serves on
     */
    Deployed update(Path jar, Progress progress) throws DeploymentException;

    /**
     * Takes a bundle out. One of the distribution that it stood in for takes over again.
     *
     * @param name a symbolic name, or a file in {@code deploy/}, which is needed where several have the symbolic name
     * @throws DeploymentException if it was not taken out; the message says why
     */
    void remove(String name, Progress progress) throws DeploymentException;

    /**
     * Goes back to the version that served before the present one.
     *
     * @param name as for {@link #remove}
     * @throws DeploymentException if there is none, or it does not work; the present one serves on
     */
    Deployed rollback(String name, Progress progress) throws DeploymentException;

    /**
     * Goes to a version that has served once and is kept still.
     *
     * @throws DeploymentException if it is not there, or does not work; the present one serves on
     */
    Deployed rollback(String name, String version, Progress progress) throws DeploymentException;

    /** One for each jar in {@code deploy/}, by file name. */
    List<Deployed> list();

    /**
     * The operations that are over, the last first.
     *
     * @param name a symbolic name or a file; empty for all
     */
    List<Operation> history(String name);
}
