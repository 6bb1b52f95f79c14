"""Signs and verifies with python3-dkim what lies in a folder: keys.json {place: record}, secrets.json {selector: private key}, ours/* to be
verified, plain/* to be signed as its name says: <number>.<selector>.<header>.<body>. Prints one line for each of ours: <name> <pass or fail>."""
import json
import os
import sys

import dkim

folder = sys.argv[1]
with open(os.path.join(folder, 'keys.json')) as f:
    records = {(place + '.').encode(): record.encode() for place, record in json.load(f).items()}
with open(os.path.join(folder, 'secrets.json')) as f:
    secrets = {selector: key.encode() for selector, key in json.load(f).items()}


def read(*path):
    with open(os.path.join(folder, *path), 'rb') as f:
        return f.read()


def passes(message):
    try:
        return dkim.DKIM(message).verify(dnsfunc=lambda name, timeout=5: records.get(name))
    except dkim.DKIMException:
        return False


for name in sorted(os.listdir(os.path.join(folder, 'ours'))):
    print(name, 'pass' if passes(read('ours', name)) else 'fail')

for name in sorted(os.listdir(os.path.join(folder, 'plain'))):
    number, selector, header, body = name.split('.')
    message = read('plain', name)
    algorithm = b'ed25519-sha256' if selector == 'ed' else b'rsa-sha256'
    signature = dkim.DKIM(message, signature_algorithm=algorithm).sign(
        selector.encode(), b'example.org', secrets[selector], canonicalize=(header.encode(), body.encode()))
    with open(os.path.join(folder, 'theirs', name), 'wb') as f:
        f.write(signature + message)
