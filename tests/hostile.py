#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""All commands and formats over streams with names that nothing may take as
they are; prints TAP. See hostile.sh."""
import html.parser
import json
import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree

from worst import HEADER, be32, be64, described, device, len8, ram_list, section

NAMES = {
    "terminal": b"\x1b[31mred\x1b]0;title\x07\x9b2J\x08\x7f",
    "lines": b"one\ntwo\r\n::error::three\r\x0b\x0c\x85",
    "no-utf8": b"\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xc3",
    "markup": b"</script><script>alert(1)</script>]]><!--&amp;\"'<a b='",
    "percent": b"%s%n%x%%0A%0D::set-output name=a::b,file=c",
    "path": b"../../../../tmp/hostile/\0/etc/passwd",
    "json": b"\\\",\"a\":{\"b\":[\\u0000\\ud800",
    "bidi": "a\u202eb\u2066c\u200fd\u2028e\u2029\ufefff\u061cg".encode(),
    "long": b"n" * 255,
    "blank": b" \t ",
}
# Characters that no output for people may hold.
CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f"
                     "\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff]")
ANNOTATION = re.compile(r"::(error|warning|notice) [^\n]*::[^\n]*$")


def escaped(name):
    """As bytes of a JSON string."""
    out = b""
    for c in name:
        plain = 32 <= c < 127 and c not in b"\"\\"
        out += bytes([c]) if plain or c > 127 else b"\\u%04x" % c
    return out


def stream(name):
    """Every name that a stream has is this one."""
    name = name[:255]
    d = device("@", [
        {"name": "@", "type": "@", "size": 3},
        {"name": "s", "type": "struct", "size": 1, "struct": {
            "vmsd_name": "@", "version": 1,
            "fields": [{"name": "@", "type": "uint8", "size": 1}]}}])
    text = json.dumps({"page_size": 4096, "devices": [d]}).encode()
    text = text.replace(b"@", escaped(name))
    yield HEADER[:8] + b"\7" + be32(len(name)) + name
    yield ram_list([(name, 8192)])
    yield section(2, b"", 0, 0, be64(8) + len8(name) + b"\1" * 4096 +
                  be64(0x10), 2)
    yield section(2, b"", 0, 0, be64(0x10), 3)
    yield section(3, name, 0, 1, name[:3].ljust(3) + b"\1" +
                  b"\5" + len8(name) + be32(1))
    yield section(4, name[:200] + b"unknown", 0, 1, b"12345")
    yield section(3, name[::-1], 0, 1, b"12345")
    yield described(text)


def libvirt(name):
    xml = b"<domain><name>" + name + b"</name></domain>\0"
    yield b"LibvirtQemudSave" + struct.pack("<5I", 2, len(xml), 1, 0, 0)
    yield b"\0" * 56 + xml
    yield from stream(name)


class Page(html.parser.HTMLParser):
    """Counts scripts, and what is open."""
    EMPTY = {"meta", "br", "hr", "input", "link", "img", "col", "wbr",
             "path", "rect"}

    def __init__(self, text):
        super().__init__()
        self.scripts, self.open, self.wrong = 0, [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        for key, _ in attrs:
            if key.startswith("on"):
                self.wrong = "attribute " + key
        if tag in ("details", "ul", "table", "code", "span", "section"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in ("details", "ul", "table", "code", "span", "section"):
            if not self.open or self.open.pop() != tag:
                self.wrong = self.wrong or "</%s>" % tag


def check_text(text):
    found = CONTROL.search(text)
    return "holds %r" % found.group() if found else None


def check_xml(text):
    # a document that stays one: a carriage return is white space there
    return check_text(text.replace("\r", ""))


def check_json(text):
    json.loads(text)


def check_lines(text):
    for line in text.splitlines():
        json.loads(line)


def check_junit(text):
    xml.etree.ElementTree.fromstring(text.encode())


def check_html(text):
    page = Page(text)
    if page.scripts > 1:
        return "%d scripts" % page.scripts
    return page.wrong or (page.open and "not closed: %s" % page.open) or None


def check_github(text):
    for line in text.split("\n"):
        if line.startswith("::") and not ANNOTATION.match(line):
            return "line %r" % line
    return None


def formats(file, name):
    """Commands, and how what they print is read."""
    yield ["info", file], check_text
    yield ["info", "--json", file], check_json
    yield ["info", "--format", "html", file], check_html
    yield ["info", "--xml", file], check_xml
    yield ["dump", "--offsets", file], check_text
    yield ["dump", "--format", "json", file], check_json
    yield ["dump", "--format", "ndjson", file], check_lines
    yield ["dump", "--format", "analyze", file], check_json
    kinds = {"text": check_text, "json": check_json, "sarif": check_json,
             "codequality": check_json, "junit": check_junit,
             "github": check_github, "html": check_html}
    for kind, how in kinds.items():
        yield ["check", "--fail-on", "note", "--dest", "qemu-7.2-x86_64",
               "--format", kind, file], how
        if kind != "html":
            yield ["matrix", "--dest", "qemu-7.2-x86_64", "--format", kind,
                   file], how
            yield ["compat", "--format", kind, file, "qemu-7.2-x86_64"], how
    yield ["check", "--dest-stream", file, file], check_text
    yield ["diff", file, "other"], check_text
    yield ["diff", "--format", "json", file, "other"], check_json
    yield ["schema", "show", file], check_text
    yield ["ram", "list", file], check_text
    yield ["ram", "list", "--format", "json", file], check_json
    yield ["ram", "export", "--format", "raw", "-o", "image", file], check_text
    yield ["explain", "QEMU: " + name.replace(b"\0", b"").decode("latin-1")], \
        check_text


def wrong(command, how):
    p = subprocess.run(["migscope"] + command, capture_output=True)
    if p.returncode not in (0, 1, 2):
        return "status %d" % p.returncode
    try:
        if p.stderr:
            found = check_text(p.stderr.decode())
            if found:
                return "standard error " + found
        text = p.stdout.decode()
        return how(text) if text else None
    except (ValueError, xml.etree.ElementTree.ParseError) as e:
        return "%s: %s" % (type(e).__name__, e)


def main():
    os.chdir(sys.argv[1])
    failed = 0
    print("1..%d" % (2 * len(NAMES) + 1))
    with open("other", "wb") as f:
        f.write(b"".join(stream(b"other")))
    number = 0
    for make in stream, libvirt:
        for title, name in NAMES.items():
            number += 1
            with open("guest", "wb") as f:
                f.write(b"".join(make(name)))
            bad = []
            for command, how in formats("guest", name):
                what = wrong(command, how)
                if what:
                    bad.append("# %s: %s" % (ascii(" ".join(command)), what))
            print("%sok %d - %s in a %s" % ("not " if bad else "", number,
                                            title, make.__name__))
            failed |= bool(bad)
            print("\n".join(bad), end="\n" if bad else "")
    there = sorted(os.listdir("."))
    extra = set(there) - {"guest", "other", "image"}
    print("%sok %d - no file but those that were named" %
          ("not " if extra else "", number + 1))
    if extra:
        print("# %s" % ascii(extra))
    return failed or bool(extra)


sys.exit(main())
