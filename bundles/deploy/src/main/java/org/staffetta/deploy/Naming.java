package org.staffetta.deploy;

import java.util.List;
import org.staffetta.api.deploy.DeploymentException;

/** Which jar in the folder is meant. */
record Naming(Live live, Folder folder) {

    /** What a jar that was given by its path is for. */
    enum Placing {
        INSTALL, BESIDE, UPDATE
    }

    /**
     * The name that a jar gets in the folder.
     *
     * @throws DeploymentException if it cannot be placed so
     */
    String place(Jar jar, Placing placing) throws DeploymentException {
        List<String> files = live.filesOf(jar.name());
        return switch (placing) {
            case INSTALL -> install(jar, files);
            case UPDATE -> update(jar, files);
            case BESIDE -> beside(jar);
        };
    }

    /**
     * The jar in the folder that somebody calls by its name, or by its bundle's.
     *
     * @throws DeploymentException if there is none, or several
     */
    String find(String name) throws DeploymentException {
        boolean isFile = name.endsWith(".jar") && name.indexOf('/') < 0 && folder.holds(name);
        if (isFile || live.of(name).isPresent()) {
            return name;
        }
        List<String> files = live.filesOf(name);
        if (files.size() > 1) {
            throw new DeploymentException(
                    "there are several of " + name + ", so name the file: " + String.join(", ", files));
        }
        if (files.isEmpty()) {
            throw new DeploymentException(live.own(name).isPresent()
                    ? name + " is a part of the server itself, and nothing in deploy/ stands in for it"
                    : "nothing in deploy/ is called " + name);
        }
        return files.getFirst();
    }

    private String install(Jar jar, List<String> files) throws DeploymentException {
        if (!files.isEmpty() || live.own(jar.name()).isPresent()) {
            throw new DeploymentException(
                    jar.name() + " is there already" + versions(files) + ": update it, or install this one beside it");
        }
        return free(jar.name() + ".jar");
    }

    private String update(Jar jar, List<String> files) throws DeploymentException {
        if (files.size() > 1) {
            throw new DeploymentException("there are several of " + jar.name() + versions(files)
                    + ": remove all but one, or copy the jar over the one that it is to replace");
        }
        if (files.isEmpty() && live.own(jar.name()).isEmpty()) {
            throw new DeploymentException(jar.name() + " is not there to be updated: install it");
        }
        return files.isEmpty() ? free(jar.name() + ".jar") : files.getFirst();
    }

    private String beside(Jar jar) throws DeploymentException {
        return free(jar.name() + "-" + jar.version() + ".jar");
    }

    // one that does not serve may be replaced by one that does
    private String free(String file) throws DeploymentException {
        if (live.of(file).isPresent()) {
            throw new DeploymentException("deploy/" + file + " is there already: update it, or take it away first");
        }
        return file;
    }

    private String versions(List<String> files) {
        return files.isEmpty()
                ? ""
                : " as "
                        + String.join(", ", files.stream().map(file -> file + " " + live.version(file)).toList());
    }
}
