"""Signs and verifies with python3-dkim what lies in a folder: records, lines of a name, a blank, and the record there; rsa.pem and ed.seed, private keys;
ours/* to be verified; plain/* to be signed as its name says: <number>.<selector>.<header>.<body>. Prints a line for each of ours: its name, then for each
signature from the top pass or fail and what dkimpy says about it, apart by tabs."""
import logging
import os
import sys

import dkim

folder = sys.argv[1]


def read(*path):
    with open(os.path.join(folder, *path), 'rb') as f:
        return f.read()


records = {}
for line in read('records').splitlines():
    name, record = line.split(b' ', 1)
    records[name + b'.'] = record
secrets = {'rsa': read('rsa.pem'), 'ed': read('ed.seed')}


class Said(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.text = ''

    def emit(self, record):
        self.text = self.text or record.getMessage()


def judge(message, index):
    logger = logging.Logger('dkim')
    said = Said()
    logger.addHandler(said)
    try:
        one = dkim.DKIM(message, logger=logger)
        passes = one.verify(index, dnsfunc=lambda name, timeout=5: records.get(name))
        return 'pass' if passes else 'fail ' + said.text
    except Exception as why:  # dkimpy lets some of its libraries' through
        return 'fail ' + str(why)


for name in sorted(os.listdir(os.path.join(folder, 'ours'))):
    message = read('ours', name)
    count = sum(1 for field, _ in dkim.DKIM(message).headers if field.lower() == b'dkim-signature')
    print(name, *[judge(message, index).replace('\n', ' ') for index in range(count)], sep='\t')

for name in sorted(os.listdir(os.path.join(folder, 'plain'))):
    number, selector, header, body = name.split('.')
    message = read('plain', name)
    algorithm = b'ed25519-sha256' if selector == 'ed' else b'rsa-sha256'
    signature = dkim.DKIM(message, signature_algorithm=algorithm).sign(
        selector.encode(), b'example.org', secrets[selector], canonicalize=(header.encode(), body.encode()))
    with open(os.path.join(folder, 'theirs', name), 'wb') as f:
        f.write(signature + message)
