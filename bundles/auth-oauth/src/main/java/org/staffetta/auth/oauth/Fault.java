package org.staffetta.auth.oauth;

/** Why a token does not log anybody in: as the operator reads it, and as the client is told. */
enum Fault {

    MALFORMED("it is no signed JSON Web Token", Error.INVALID_TOKEN), TOO_LARGE("it is too large",
            Error.INVALID_TOKEN), ISSUER("no such issuer is configured", Error.INVALID_TOKEN), ALGORITHM(
                    "it is signed by an algorithm that is not allowed, or not at all",
                    Error.INVALID_TOKEN), KEY("no key is known that could have signed it",
                            Error.INVALID_TOKEN), SIGNATURE("the signature is wrong", Error.INVALID_TOKEN), AUDIENCE(
                                    "it is made for others",
                                    Error.INVALID_TOKEN), ENDLESS("it does not say when it ends",
                                            Error.INVALID_TOKEN), OVER("its time is over", Error.INVALID_TOKEN), EARLY(
                                                    "its time has not begun", Error.INVALID_TOKEN), SCOPE(
                                                            "it lacks a scope", Error.INSUFFICIENT_SCOPE), CLAIM(
                                                                    "it does not say whose it is in the claim that is asked for",
                                                                    Error.INVALID_TOKEN), UNVERIFIED(
                                                                            "its issuer has not verified the address",
                                                                            Error.INVALID_TOKEN), ACCOUNT(
                                                                                    "no such account may log in",
                                                                                    Error.INVALID_TOKEN), OTHER(
                                                                                            "the client named another account than the token",
                                                                                            Error.INVALID_TOKEN);

    private final String words;
    private final Error error;

    Fault(String words, Error error) {
        this.words = words;
        this.error = error;
    }

    /** Codes of RFC 6750 section 3.1, and what they are in HTTP. */
    enum Error {
        INVALID_TOKEN("invalid_token", 401), INSUFFICIENT_SCOPE("insufficient_scope", 403);

        private final String code;
        private final int status;

        Error(String code, int status) {
            this.code = code;
            this.status = status;
        }

        String code() {
            return code;
        }

        int status() {
            return status;
        }
    }

    String words() {
        return words;
    }

    Error error() {
        return error;
    }
}
