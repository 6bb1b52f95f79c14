"""Says what pyspf (Debian's python3-spf) makes of the cases in a folder: zone.json is DNS, cases.json a list of [client, sender, helo]."""
import json
import sys

import spf

folder = sys.argv[1]
with open(folder + "/zone.json", encoding="utf-8") as text:
    zone = json.load(text)


def lookup(name, qtype, tcpfallback=True, timeout=30):
    name = str(name).lower().rstrip(".")
    answers = []
    for row in zone.get(name, []):
        if row[0] == "TIMEOUT":
            raise spf.TempError("DNS timeout")
        if row[0] != qtype:
            continue
        if qtype == "TXT":
            answers.append(((name, qtype), [row[1].encode("utf-8")]))
        elif qtype == "MX":
            answers.append(((name, qtype), (row[1], row[2])))
        elif qtype == "AAAA":
            answers.append(((name, qtype), row[1]))
        else:
            answers.append(((name, qtype), row[1]))
    return answers


spf.DNSLookup = lookup
with open(folder + "/cases.json", encoding="utf-8") as text:
    for client, sender, helo in json.load(text):
        print(spf.check2(i=client, s=sender, h=helo, querytime=0)[0])
