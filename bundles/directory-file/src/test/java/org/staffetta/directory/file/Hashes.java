package org.staffetta.directory.file;

/** Hashes that are quick to compute. */
final class Hashes {

    /** Of "wonderland". */
    static final String ARGON2 = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$C5Z1zLUrv0MKCDyajGFCGK2l2rz+9oH525aZPyhcXzQ";
    /** Of "wonderland". */
    static final String SCRYPT = "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$d80gVbyUXkI0LPQnTPDZYrK8loKWJPKPRoQ36tRAKO8";

    private Hashes() {}
}
