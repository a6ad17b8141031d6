# SPDX-License-Identifier: LGPL-2.1-or-later
"""Validates documents against a JSON Schema, and what a schema cannot say.

    validate.py sarif|codequality|check|compat|matrix|diff DOCUMENT SCHEMA

check, compat and matrix: one document on each line. Prints what is wrong."""
import json
import re
import sys

import jsonschema


def load(text):
    def pairs(items):
        keys = [k for k, _ in items]
        assert len(keys) == len(set(keys)), "repeated keys in %s" % keys
        return dict(items)
    return json.loads(text, object_pairs_hook=pairs)


# What Markdown would take for something else, not escaped.
MARKS = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~&$]")
LINE_MARKS = re.compile(r"^(?:- )?(?:[0-9]+[.)]|[-+](?! ))", re.M)


def literal(text):
    """A message's text, 3.11: no braces that are not doubled, no link."""
    assert re.fullmatch(r"(?:[^{}]|{{|}})*", text, re.S), text
    assert not re.search(r"(?<!\\)\]\(", text), text
    return text.replace("{{", "{").replace("}}", "}")


def help_texts(h):
    """The same in both forms."""
    text, markdown = literal(h["text"]), literal(h["markdown"])
    body = re.sub(r"^## (.*)$", r"\1:", markdown, flags=re.M)
    assert not MARKS.search(body), MARKS.search(body)
    assert not LINE_MARKS.search(body), LINE_MARKS.search(body)
    assert re.sub(r"\\([^A-Za-z0-9\s])", r"\1", body) == text


def sarif(doc):
    run, = doc["runs"]
    rules = run["tool"]["driver"]["rules"]
    prints = set()
    for r in run["results"]:
        literal(r["message"]["text"])
        assert rules[r["ruleIndex"]]["id"] == r["ruleId"], r["ruleId"]
        mark = r["partialFingerprints"]["migscope/v1"]
        assert mark not in prints, "twice: %r" % mark
        prints.add(mark)
    for rule in rules:
        assert rule["help"]["text"] and rule["help"]["markdown"], rule["id"]
        help_texts(rule["help"])
        assert rule["shortDescription"]["text"], rule["id"]
    invocation, = run["invocations"]
    trouble = [n for n in invocation["toolExecutionNotifications"]
               if n["level"] == "error"]
    assert invocation["executionSuccessful"] == (not trouble)


def codequality(doc):
    prints = [i["fingerprint"] for i in doc]
    assert len(prints) == len(set(prints)), "fingerprints that are not unique"


kind, document, schema_file = sys.argv[1:]
schema = load(open(schema_file, encoding="utf-8").read())
if kind in ("check", "compat", "matrix"):
    schema = {"$schema": schema["$schema"], "$defs": schema["$defs"],
              "anyOf": [{"$ref": "#/$defs/" + kind},
                        {"$ref": "#/$defs/waivers"}]}
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
text = open(document, "rb").read().decode("utf-8")
lines = text.splitlines() if "anyOf" in schema else [text]
assert lines, "nothing"
assert not any('"unneeded"' in line for line in lines[:-1]), "not the last"
status = 0
for number, line in enumerate(lines, 1):
    doc = load(line)
    for e in validator(schema).iter_errors(doc):
        print("%s:%d: %s: %s" % (document, number, list(e.path), e.message[:300]))
        status = 1
    if kind == "sarif":
        sarif(doc)
    elif kind == "codequality":
        codequality(doc)
sys.exit(status)
