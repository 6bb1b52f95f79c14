package org.staffetta.itests;

/** A program in Python that logs in by SCRAM-SHA-256 and sends a message to bob@demo.test. */
final class ScramClient {

    /** Its arguments are the port, the password, the mechanism, and the account. */
    static final String PROGRAM = """
            import base64, hashlib, hmac, smtplib, ssl, sys
            port, password, mechanism, account = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3], sys.argv[4]
            def mac(key, text):
                return hmac.new(key, text, hashlib.sha256).digest()
            class Scram:
                def __init__(self, header, bound):
                    self.header, self.bound, self.bare = header, bound, b'n=' + account.encode() + b',r=fyko+d2lbbFgONRv9qkx'
                def __call__(self, challenge=None):
                    if challenge is None:
                        return (self.header + self.bare).decode()
                    if challenge.startswith(b'v='):
                        assert challenge[2:] == base64.b64encode(self.expected)
                        return ''
                    nonce, salt, count = challenge.split(b',')
                    salted = hashlib.pbkdf2_hmac('sha256', password, base64.b64decode(salt[2:]), int(count[2:]))
                    unproved = b'c=' + base64.b64encode(self.header + self.bound) + b',' + nonce
                    message = self.bare + b',' + challenge + b',' + unproved
                    key = mac(salted, b'Client Key')
                    signature = mac(hashlib.sha256(key).digest(), message)
                    self.expected = mac(mac(salted, b'Server Key'), message)
                    proof = bytes(a ^ b for a, b in zip(key, signature))
                    return (unproved + b',p=' + base64.b64encode(proof)).decode()
            with smtplib.SMTP('127.0.0.1', port) as smtp:
                smtp.starttls(context=ssl._create_unverified_context())
                smtp.ehlo()
                assert mechanism in smtp.esmtp_features['auth'].split(), smtp.esmtp_features
                if mechanism == 'PLAIN':
                    smtp.user, smtp.password = account, password.decode()
                    smtp.auth('PLAIN', smtp.auth_plain)
                elif mechanism == 'SCRAM-SHA-256':
                    smtp.auth(mechanism, Scram(b'n,,', b''))
                else:
                    certificate = smtp.sock.getpeercert(binary_form=True)
                    smtp.auth(mechanism, Scram(b'p=tls-server-end-point,,', hashlib.sha256(certificate).digest()))
                smtp.sendmail(account, ['bob@demo.test'],
                    'From: ' + account + '\\r\\nSubject: ' + mechanism + '-scram\\r\\n\\r\\nx')
            """;

    private ScramClient() {}
}
