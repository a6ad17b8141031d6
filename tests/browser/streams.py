#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a made stream to standard output:

    streams.py hostile    its names would be markup, script or worse, if a
                          report let them: of the machine, of RAM blocks,
                          sections, fields and types, and a value
    streams.py large      10 MB of it RAM, and 20,000 fields
    streams.py gap        RAM, then bytes that are nothing, and no end
"""
import json
import struct
import sys

NAMES = [
    b"<script>document.title='PWNED'</script>",
    b"\"><img src=x onerror=\"document.title='PWNED'\">",
    b"</script><script>document.title='PWNED'</script>",
    b"</title></style><svg onload=document.title='PWNED'>",
    b"' onmouseover='document.title=1' x='",
    b"line\nbreak\r\ttab\x1b[31m\x7f",
    "bidi \u202e gnp.exe \u2066\u200f".encode(),
    b"broken \xff\xfe \xc3( \xed\xa0\x80 utf-8",
    b"&lt;b&gt; &amp;quot; &#60;script&#62; \\x3cscript\\x3e",
    b"<!-- -->]]><![CDATA[<plaintext><template><noscript>",
    b"javascript:document.title='PWNED'",
]


def pascal(name):
    return bytes([len(name)]) + name


def section(kind, number, name, version, data):
    return struct.pack(">BI", kind, number) + pascal(name) + \
        struct.pack(">II", 0, version) + data + \
        struct.pack(">BI", 0x7e, number)


def header(machine):
    return b"QEVM" + struct.pack(">I", 3) + b"\x07" + \
        struct.pack(">I", len(machine)) + machine


def ram(blocks, pages):
    """MEM_SIZE, the blocks, their pages as (block, first byte of it, or None
    for a zero page), EOS; then the section's end."""
    total = sum(length for _, length in blocks)
    data = [struct.pack(">Q", total | 4)]
    data += [pascal(name) + struct.pack(">Q", length)
             for name, length in blocks]
    for name, address, fill in pages:
        if fill is None:
            data.append(struct.pack(">Q", address | 2) + pascal(name) + b"\0")
        else:
            data.append(struct.pack(">Q", address | 8) + pascal(name) +
                        bytes([fill]) * 4096)
    data.append(struct.pack(">Q", 16))
    return section(1, 1, b"ram", 4, b"".join(data)) + \
        struct.pack(">BIQBI", 3, 1, 16, 0x7e, 1)


def description(devices):
    data = json.dumps({"page_size": 4096, "devices": devices},
                      ensure_ascii=False)
    data = data.encode("utf-8", "surrogateescape")
    return b"\0\x06" + struct.pack(">I", len(data)) + data


def device(name, fields):
    return {"name": name, "instance_id": 0, "vmsd_name": name, "version": 1,
            "fields": fields}


def text(name):
    return name.decode("utf-8", "surrogateescape")


def hostile():
    out = header(b"\n".join(NAMES)) + \
        ram([(name, 4096) for name in NAMES],
            [(name, 0, None) for name in NAMES])
    devices = []
    for i, name in enumerate(NAMES):
        out += section(4, i + 2, name, 1,
                       name.ljust(64, b"\0") + b"\0\0\0\7" + name[:8])
        devices.append(device(text(name), [
            {"name": text(name), "type": "buffer", "size": 64},
            {"name": "n", "type": text(name), "size": 4},
            {"name": text(name) + "2", "array_len": len(name[:8]),
             "type": "uint8", "size": 1}]))
    # the last has a footer that is wrong: a finding that names it
    return out[:-1] + b"\x55" + description(devices)


def large():
    pages = 2440
    out = header(b"pc-i440fx-7.2") + \
        ram([(b"pc.ram", pages * 4096)],
            [(b"pc.ram", i * 4096, i % 255 + 1) for i in range(pages)])
    devices = []
    for d in range(100):
        out += section(4, d + 2, b"device-%d" % d, 1, bytes(200 * 4))
        devices.append(device("device-%d" % d, [
            {"name": "field_%d" % f, "type": "uint32", "size": 4}
            for f in range(200)]))
    return out + description(devices)


def gap():
    return header(b"pc-i440fx-7.2") + \
        ram([(b"pc.ram", 8192)], [(b"pc.ram", 0, 1)]) + b"nothing" * 9


made = {"hostile": hostile, "large": large, "gap": gap}
if len(sys.argv) != 2 or sys.argv[1] not in made:
    sys.exit(__doc__)
sys.stdout.buffer.write(made[sys.argv[1]]())
