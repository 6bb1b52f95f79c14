/**
 * Logins without a password: the client shows an access token that an identity provider has made for the user, by OAUTHBEARER (RFC 7628) or by XOAUTH2, which
 * came before it and is what many clients know.
 *
 * <p><b>Issuers.</b> Each configuration of the factory {@code org.staffetta.oauth}, {@code oauth.<name>.*}, is an {@link org.staffetta.auth.oauth.Issuer}: whose
 * tokens are believed, and with which keys. A token is for the issuer that its claim {@code iss} names, to the letter. Without any issuer there is no
 * authenticator, so the mechanisms are not offered.
 *
 * <p><b>Tokens</b> are signed JSON Web Tokens (RFC 7519, RFC 9068) and verified here; the issuer is not asked. The signature must be by one of the
 * algorithms that are allowed, none of which is symmetric, and by a key that is configured: what a token says about keys, but for the id of one, is
 * ignored. It must have an end ({@code exp}) that has not come, and have begun ({@code nbf}, {@code iat}); be for us ({@code aud}); and give the scopes that
 * are asked for ({@code scope}, or {@code scp}). The best advice on all this is RFC 8725.
 *
 * <p><b>Keys</b> are a JSON Web Key Set (RFC 7517) or PEM, in a file that is looked at every second, or at a URL that is asked every hour, and once more if a
 * token names a key that is not known, not more than once a minute. While new ones cannot be had, those that were good serve on.
 *
 * <p><b>Accounts.</b> A claim of the token, {@code email} as it comes, is an address, and that must be an account in a directory; neither an alias nor a
 * subaddress nor an account with {@code login} = {@code no}. A name that the client gives beside the token must be of the same account.
 *
 * <p><b>Refusal.</b> The client gets an error in JSON, answers, and then gets 535 (RFC 7628 section 3.2.3). It is told whether the token or its scope was wrong;
 * the reason stands in our log. Neither there nor in an exception stands anything of the token.
 */
@NullMarked
package org.staffetta.auth.oauth;

import org.jspecify.annotations.NullMarked;
