"""Judges chains with python3-dkim, and goes on with some of them: keys.json {place: record}, secret.pem, chains/* to be judged, of which those with a number
below 240 are sealed into sealed/*. Prints one line for each: <name> <pass, fail, none, or crash>."""
import json
import os
import sys

import dkim

folder = sys.argv[1]
SEALED = 240
with open(os.path.join(folder, 'keys.json')) as f:
    records = {(place + '.').encode(): record.encode() for place, record in json.load(f).items()}


def read(*path):
    with open(os.path.join(folder, *path), 'rb') as f:
        return f.read()


def look(name, timeout=5):
    return records.get(name)


for name in sorted(os.listdir(os.path.join(folder, 'chains'))):
    message = read('chains', name)
    try:
        status = dkim.arc_verify(message, dnsfunc=look)[0].decode()
    except Exception:
        status = 'crash'
    print(name, status)
    if status == 'crash' or int(name.split('-')[0]) >= SEALED:
        continue
    results = b'Authentication-Results: python.example; arc=' + status.encode() + b'\r\n'
    fields = dkim.arc_sign(results + message, b's', b'python.example', read('secret.pem'), b'python.example',
                           timestamp=1793534400)
    with open(os.path.join(folder, 'sealed', name), 'wb') as f:
        f.write(b''.join(fields) + results + message)
