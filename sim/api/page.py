"""``docs/api.md`` from the docstrings of what ``import sortie`` gives; its examples are one script, which the tests run."""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import TYPE_CHECKING, Any

import sim

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 128
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
_ROLE = re.compile(r":(?:class|meth|func|mod|data|attr):`~?([^`]*)`")
_EXAMPLE = re.compile(r"^\s*(?:>>>|\.\.\.) ?(.*)$")

TEN_LINES = """\
import sortie

base = sortie.Scenario("baseline")
posts = base.change("means.probation_service.posts", add=700, on="2026-07-01", name="700 more CPIP")
half = base.change("law.release_under_constraint.fraction_served", to=0.5, on="2026-07-01", applies_to="everyone", name="half")

results = sortie.run([base, posts, half], replications=4, fraction=0.05)
print(results.levels("dry_rate_exits", by="band").to_string())
print(results.causes(posts).to_string())
results.plot("dry_rate_exits", by="band").save("dry.html")
"""
"""From nothing to a table and a plot."""

_HEAD = """# From Python

<!-- Written by docs/generate.py from the docstrings of sim/api. Change those, then run it. -->

```python
{ten}```

`import sortie` gives what is below (`import sim as sortie` in a checkout that is not installed). What is received is a pandas
frame: names as categories, days as `datetime64`, `NA` where there is nothing. Wherever a scenario is asked for, its name or the
path of its file does. A script needs no `if __name__ == "__main__":`. Small fractions are for trying: queues do not shrink with
the country ([experiments](experiments.md)); quote figures of the whole country only.
"""

PARTS: dict[str, tuple[str, ...]] = {
    "Scenarios": ("scenarios", "Scenario"),
    "Runs": ("run", "sweep", "solve", "Answer", "experiment"),
    "Results": ("Results", "open", "OlderMeasures"),
    "Figures that come with sortie": ("figures", "Library"),
    "How far an answer holds": ("answers", "PolicyAnswers", "hypotheses", "SharedGap"),
    "The law": ("Law", "Sentence"),
    "Errors": ("SimError", "ScenarioError", "LawError", "RequestError", "RunFolderError", "DataError"),
}
_UNTOLD = {"content"}
"""What one room of the API asks of another."""
_SAID_BY_ATTRIBUTE = ("Answer", "PolicyAnswers", "SharedGap")
"""What others make, whose attributes are told one by one."""
BELOW = (
    "load_scenario", "simulate", "replicate", "open_run", "compare", "open_results", "read_experiment", "run_experiment",
)  # fmt: skip
"""Names of the rooms below, for programs: said in a line each."""


def document() -> str:
    """Return the text of docs/api.md."""
    parts = [_HEAD.format(ten=TEN_LINES)]
    for title, names in PARTS.items():
        parts.append(f"## {title}\n")
        for name in names:
            parts += _told(name, getattr(sim, name))
    parts.append("## Below\n\nFor programs that want the rooms below rather than frames:\n")
    for name in BELOW:
        line = (inspect.getdoc(getattr(sim, name)) or "").partition("\n")[0]
        parts.append(f"- `{name}`: {_plain(line)}")
    return "\n".join(parts).rstrip() + "\n"


def examples() -> str:
    """Return every example of the page, in its order, as one script."""
    script = []
    for names in PARTS.values():
        for name in names:
            for _, thing in _with_methods(name, getattr(sim, name)):
                script += _lines_of_example(inspect.getdoc(thing) or "")
    return "\n".join(["import sortie", *script]) + "\n"


def _with_methods(name: str, thing: Any) -> Iterator[tuple[str, Any]]:
    yield name, thing
    if not inspect.isclass(thing) or issubclass(thing, BaseException):
        return
    own = [member for base in reversed(thing.__mro__[:-1]) for member in vars(base)]
    for member in dict.fromkeys(own):
        found = inspect.getattr_static(thing, member)
        is_told = inspect.isfunction(found) or isinstance(found, property)
        if is_told and found.__doc__ and not member.startswith("_") and member not in _UNTOLD:
            yield f"{name}.{member}", found


def _told(name: str, thing: Any) -> Iterator[str]:
    if inspect.isclass(thing) and issubclass(thing, BaseException):
        yield f"- `{name}`: {_plain((inspect.getdoc(thing) or '').partition(chr(10))[0])}"
        if name in {PARTS["Errors"][-1], "OlderMeasures"}:
            yield ""
        return
    for title, member in _with_methods(name, thing):
        yield f"{'###' if title == name else '####'} `{title}`\n"
        if isinstance(member, property):
            yield f"{_paragraphs(inspect.getdoc(member.fget) or '')}\n"
            continue
        signature = _signature(title, member)
        if signature:
            yield f"```python\n{signature}\n```\n"
        yield from _sections(inspect.getdoc(member) or "")
    if name in _SAID_BY_ATTRIBUTE:
        yield from _attributes(thing)


def _attributes(thing: type) -> Iterator[str]:
    """Attributes said one by one in the source of ``__init__``."""
    source = inspect.getsource(thing.__init__)  # type: ignore[misc]
    for attribute, text in re.findall(r'self\.([a-z]\w*)(?:: [\w.]+)? = (?:[^"]*?)\n\s+"""(.*?)"""', source, re.DOTALL):
        yield f"- `{attribute}`: {_plain(' '.join(text.split()))}"
    yield ""


def _signature(title: str, thing: Any) -> str:
    target = thing.__init__ if inspect.isclass(thing) else thing
    words = []
    star = False
    for parameter in inspect.signature(target).parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            words.append("*")
            star = True
        mark = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
        default = (
            "" if parameter.default is parameter.empty else f"={'…' if parameter.default is ... else repr(parameter.default)}"
        )
        words.append(f"{mark}{parameter.name}{default}")
    if inspect.isclass(thing) and title in {"Results", "Sentence", "Library", *_SAID_BY_ATTRIBUTE}:
        return ""  # made by others
    short = title.rpartition(".")[2] if "." in title else title
    line = f"{short}({', '.join(words)})"
    return (
        line
        if len(line) <= WIDTH
        else f"{short}(\n{textwrap.fill(', '.join(words), WIDTH - 4, initial_indent='    ', subsequent_indent='    ')}\n)"
    )


def _sections(text: str) -> Iterator[str]:
    pieces = _SECTION.split(text)
    yield f"{_paragraphs(pieces[0])}\n"
    for head, body in zip(pieces[1::2], pieces[2::2], strict=True):
        if head == "Examples":
            code = "\n".join(_lines_of_example(body))
            yield f"```python\n{code}\n```\n"
        elif head == "Parameters":
            free, listed = _entries(body)
            yield (
                "\n".join(
                    _wrapped(f"- {', '.join(f'`{name}`' for name in names.split(', '))}: {said}") for names, said in listed
                )
                + "\n"
            )
            if free:
                yield f"{_paragraphs(free)}\n"
        elif head == "Raises":
            _, listed = _entries(body)
            said = "; ".join(
                f"{', '.join(f'`{name}`' for name in names.split(', '))}: {_lower(words)}" for names, words in listed
            )
            yield f"{_wrapped(f'Raises {said}')}\n"
        else:
            said = _lower(" ".join(_plain(body).split()))
            yield f"{_wrapped(f'Returns {said}')}\n"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _entries(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what stands at the margin in sentences, and the entries: a name at the margin, its text indented."""
    listed: list[tuple[str, str]] = []
    free: list[str] = []
    for line in body.splitlines():
        if line.startswith(" ") and listed:
            listed[-1] = (listed[-1][0], f"{listed[-1][1]} {line.strip()}".strip())
        elif re.fullmatch(r"\**\w+(, \w+)*", line.strip()):
            listed.append((line.strip(), ""))
        elif line.strip():
            free.append(line.strip())
    return " ".join(free), [(names, _plain(said)) for names, said in listed]


def _lines_of_example(text: str) -> list[str]:
    return [found[1] for line in text.splitlines() if (found := _EXAMPLE.match(line))]


def _paragraphs(text: str) -> str:
    parts = [" ".join(part.split()) for part in _plain(text).split("\n\n")]
    return "\n\n".join(_wrapped(part) for part in parts if part)


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text, WIDTH, subsequent_indent="  " if text.startswith("- ") else "", break_long_words=False, break_on_hyphens=False
    )


def _plain(text: str) -> str:
    """Roles and literals of docstrings as Markdown code."""
    return _ROLE.sub(
        lambda found: f"`{found[1].rpartition('.')[2] if found[1].startswith('sim.') else found[1]}`", text
    ).replace("``", "`")
