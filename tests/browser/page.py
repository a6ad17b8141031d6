#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads HTML reports and complains, a line each, about whatever is not as it
has to be: elements or attributes that we never write (a name from a stream
would have made them), anything that is loaded, a script or style that the
policy does not allow, characters that change how text around them looks,
links to nowhere, what keyboards and screen readers need.

    page.py [--shows TEXT]... FILE...

Status 1 if there was a complaint, or TEXT stands nowhere in a FILE.
"""
import base64
import hashlib
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "input", "rect"}
ANY = {"id", "class", "tabindex", "role", "aria-label", "aria-labelledby",
       "aria-hidden", "aria-live", "hidden"}
# What the page is made of; nothing else may turn up.
ELEMENTS = {
    "html": {"lang"}, "head": set(), "title": set(), "style": set(),
    "meta": {"charset", "name", "content", "http-equiv"}, "body": set(),
    "header": set(), "footer": set(), "main": set(), "nav": set(),
    "article": set(), "section": set(), "h1": set(), "h2": set(),
    "h3": set(), "h4": set(), "p": set(), "div": set(), "span": set(),
    "a": {"href", "title"}, "b": set(), "i": set(), "em": set(),
    "small": set(), "code": set(), "pre": set(), "mark": set(),
    "ul": set(), "ol": set(), "li": set(), "dl": set(), "dt": set(),
    "dd": set(), "table": set(), "thead": set(), "tbody": set(),
    "tr": set(), "th": {"scope"}, "td": set(), "details": {"open"},
    "summary": set(), "label": {"for"}, "output": {"for"},
    "input": {"type", "data-search", "autocomplete", "spellcheck"},
    "button": {"type", "data-unfold"},
    "svg": {"viewbox", "preserveaspectratio"},
    "rect": {"x", "width", "height"}, "script": set(),
}
# Controls but newline, bidi marks and overrides, line separators.
ACTING = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f"
                    "\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


class Page(HTMLParser):
    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.complaints = []
        self.open, self.ids, self.links, self.labels = [], set(), [], set()
        self.inputs, self.policy, self.text = [], "", []
        self.raw = {"script": [], "style": []}
        self.headings = []
        self.feed(data)
        self.close()
        self.finish()

    def complain(self, text):
        self.complaints.append("line %d: %s" % (self.getpos()[0], text))

    def handle_starttag(self, tag, attrs):
        known = ELEMENTS.get(tag)
        if known is None:
            self.complain("element <%s>" % tag)
            return
        names = [name for name, _ in attrs]
        for name, value in attrs:
            if name not in known and name not in ANY:
                self.complain("<%s %s>" % (tag, name))
            if ACTING.search(value or ""):
                self.complain("<%s %s=%r>" % (tag, name, value))
        if len(names) != len(set(names)):
            self.complain("<%s> has an attribute twice" % tag)
        has = dict(attrs)
        self.see(tag, has)
        if tag not in VOID:
            self.open.append(tag)

    def see(self, tag, has):
        if "id" in has:
            if has["id"] in self.ids:
                self.complain("id %s a second time" % has["id"])
            self.ids.add(has["id"])
        for name in ("href", "aria-labelledby", "data-search", "for"):
            if name in has:
                self.links.append((self.getpos()[0], name, has[name]))
        if tag == "a" and not has.get("href", "#").startswith("#"):
            self.complain("a link to outside")
        if tag == "th" and has.get("scope") not in ("row", "col"):
            self.complain("a heading of a table without scope")
        if tag == "label":
            self.labels.add(has["for"])
        if tag == "input":
            self.inputs.append(has.get("id"))
        if tag in self.raw:
            self.raw[tag].append("")
        if tag == "meta" and has.get("http-equiv"):
            self.policy = has["content"]
        if re.fullmatch("h[1-4]", tag):
            level = int(tag[1])
            if level > (self.headings[-1] if self.headings else 0) + 1:
                self.complain("<%s> skips a level" % tag)
            self.headings.append(level)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.complain("</%s> closes <%s>" % (tag, self.open[-1:]))
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]][-1] += data
            return
        if ACTING.search(data):
            self.complain("text %r" % data)
        self.text.append(data)

    def handle_comment(self, data):
        self.complain("a comment")

    unknown_decl = handle_pi = handle_comment

    def finish(self):
        if self.open:
            self.complain("not closed: %s" % self.open)
        for line, name, where in self.links:
            if where.lstrip("#") not in self.ids:
                self.complain("%s=%s of line %d leads nowhere" %
                              (name, where, line))
        for field in self.inputs:
            if field not in self.labels:
                self.complain("a field without label")
        if self.headings.count(1) != 1:
            self.complain("%d headings <h1>" % self.headings.count(1))
        allowed = dict((part.split() + [""])[:2]
                       for part in self.policy.split(";"))
        if allowed.get("default-src") != "'none'":
            self.complain("policy: %s" % self.policy)
        for tag, texts in self.raw.items():
            if len(texts) != 1:
                self.complain("%d times <%s>" % (len(texts), tag))
            digest = hashlib.sha256("".join(texts).encode()).digest()
            source = "'sha256-%s'" % base64.b64encode(digest).decode()
            if allowed.get(tag + "-src") != source:
                self.complain("<%s> is not what the policy allows" % tag)


def main():
    args, shown, status = sys.argv[1:], [], 0
    while args and args[0] == "--shows":
        shown.append(args[1])
        args = args[2:]
    for path in args:
        with open(path, encoding="utf-8", newline="") as f:
            page = Page(f.read())
        # a blank that does not break is one to who reads
        text = "".join(page.text).replace("\u00a0", " ")
        for missing in [s for s in shown if s not in text]:
            page.complaints.append("does not show %r" % missing)
        for complaint in page.complaints[:20]:
            print("%s: %s" % (path, complaint))
        status |= bool(page.complaints)
    return status


sys.exit(main())
