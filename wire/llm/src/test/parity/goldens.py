"""Makes jinja/goldens.json: what the real jinja2 says, for our interpreter to be held against.

    python goldens.py TEMPLATES_DIR > ../resources/jinja/goldens.json   (see ./templates for the first)

Templates of others are never committed: for them only the digest of each output is written.
"""

import datetime
import hashlib
import json
import pathlib
import sys

from jinja2 import TemplateAssertionError, TemplateSyntaxError
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent.parent / "resources" / "jinja"
NOW = datetime.datetime(2026, 11, 25, 9, 8, 7)


class Generation(Extension):
    """transformers' own tag, which only marks what the assistant said."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        from jinja2 import nodes

        return nodes.CallBlock(self.call_method("_said"), [], [], body).set_lineno(line)

    def _said(self, caller):
        return caller()


class Raised(Exception):
    pass


def raise_exception(message):
    raise Raised(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols", "jinja2.ext.do"]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def outcome(source, variables):
    try:
        return {"text": environment().from_string(source).render(**variables)}
    except Raised as raised:
        return {"raised": str(raised)}
    except TemplateAssertionError:
        return {"failed": "runtime"}
    except TemplateSyntaxError:
        return {"failed": "syntax"}
    except (TemplateError, TypeError, ValueError, KeyError, AttributeError, IndexError, ZeroDivisionError, OverflowError):
        return {"failed": "runtime"}


def main():
    conversations = json.loads((HERE / "conversations.json").read_text())
    cases = json.loads((HERE / "cases.json").read_text())
    own = [{"template": case, **outcome(case, conversations["everything"])} for case in cases]
    public = []
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.jinja")):
        source = path.read_text()
        outcomes = {}
        for name, variables in conversations.items():
            result = outcome(source, variables)
            if "text" in result:
                result = {"sha256": hashlib.sha256(result["text"].encode()).hexdigest()}
            outcomes[name] = result
        public.append({"name": path.name, "sha256": hashlib.sha256(source.encode()).hexdigest(), "outcomes": outcomes})
    json.dump({"own": own, "public": public}, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()
