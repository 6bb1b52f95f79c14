package org.staffetta.deploy.sample.library;

/** What others use. */
public final class Library {

    private Library() {}

    /** Something. */
    public static String text() {
        return "library";
    }
}
