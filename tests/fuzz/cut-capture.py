#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cuts a real capture down to what a fuzz target can start from: header,
configuration, the small devices and their part of the description, as text
for tests/hex2bin.

    xz -dc samples/pc-7.2.mig.xz >pc.mig
    migscope info --json pc.mig | cut-capture.py pc.mig >captures/pc-7.2.hex

All of tests/fuzz/captures/ was made so."""
import json
import os
import sys

MOST = 600    # bytes of one device
WHOLE = 3500  # of all together


def words(data):
    for i in range(0, len(data), 24):
        print("\t" + data[i:i + 24].hex(" "))


def main():
    path = sys.argv[1]
    info = json.load(sys.stdin)
    data = open(path, "rb").read()
    head = min(s["offset"] for s in info["sections"])
    where = info["description"]
    text = data[where["offset"]:where["offset"] + where["length"]]
    description = json.loads(text.rstrip(b"\0"))
    known = {(d["name"], d["instance_id"]): d for d in description["devices"]}
    kept, seen, size = [], set(), 0
    for s in info["sections"]:
        device = known.get((s["name"], s["instance"]))
        if s["live"] or not device or device.get("vmsd_name") in seen:
            continue
        if s["bytes"] > MOST or size + s["bytes"] > WHOLE:
            continue
        seen.add(device.get("vmsd_name"))
        kept.append((s, device))
        size += s["bytes"]
    description["devices"] = [d for _, d in kept]
    print("# %s, cut down by cut-capture.py" %
          os.path.basename(path).removesuffix(".mig"))
    words(data[:head])
    for s, _ in kept:
        print("# %s %d" % (s["name"], s["instance"]))
        words(data[s["offset"]:s["offset"] + s["bytes"]])
    print("\t00 06 len32(")
    compact = json.dumps(description, separators=(",", ":"))
    assert "'" not in compact
    for i in range(0, len(compact), 70):
        print("\t\t'%s'" % compact[i:i + 70])
    print("\t)")


main()
