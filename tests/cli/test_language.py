"""Every text of the command line in both languages: help, errors, progress, reports."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
import typer

from sim.cli import language
from sim.cli.command_tree import DAYS, DECIMALS, HEADINGS, LIMITS, commands_of
from sim.cli.fitting import app
from sim.errors import RequestError
from sim.presentation.messages import blanks, catalogue, french
from tests.cli.conftest import DATES

PACKAGE = Path(__file__).resolve().parents[2] / "sim"

SPEAK_FOR_THEMSELVES = (
    "__init__.py",  # of programmers
    "api",  # of programmers
    "explorer",  # by the catalogue of its own
    "presentation",  # by the same
    "law/rulebook",  # in the two languages of its own files, but for its errors
    "cli/law.py",  # in both, side by side
    "scenario/numbering.py",  # the package's own file, which a test holds
    "law/reading.py",  # texts of the package, which tests hold
    "law/record.py",
    "law/statutes.py",  # of programmers, but for what its callers' arguments are
    "calibration/space.py",  # the calibration's own settings
    "engine",  # of programmers
    "randomness.py",
    "timeline.py",
    "indicators/drift.py",
    "reconviction/model.py",
)
"""Parts whose messages are not in the catalogue, each with the reason why."""


PLACES = {"overrides"}
"""Where an error stands: a word of the file."""


def template(node: ast.expr) -> str | None:
    """Text of a string in the code, every blank filled with a zero; None for what is no string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = template(node.left), template(node.right)
        return None if left is None or right is None else left + right
    return None


def texts_of(path: Path, *, errors_alone: bool = False) -> list[str]:
    """What a module tells a user: messages of its errors, and whatever it says in the reader's language."""
    found: list[str | None] = []
    constants: dict[str, str | None] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in {"msg", "message"}:
            found.append(template(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
            found += [
                text
                for argument in node.args
                if (text := template(argument))
                and any(word.isalpha() and word not in PLACES for word in text.replace(":", " ").split())
            ]
        elif errors_alone:
            continue
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            constants[node.targets[0].id] = template(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note":
            told = node.args[0]
            found.append(constants.get(told.id) if isinstance(told, ast.Name) else template(told))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            found.append(template(node.args[0]))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"error", "_fail"}:
            found += [template(argument) for argument in node.args if isinstance(argument, ast.Constant | ast.JoinedStr)]
    # What is made of blanks alone is told by the parts that fill them.
    return [text for text in found if text and " " in text.strip() and any(letter.isalpha() for letter in text)]


def words_of(path: Path) -> list[str]:
    """Every text of a module that holds nothing but what it tells: its strings of two words, but for docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    whole = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    explained |= {id(part) for node in whole for part in node.values if isinstance(part, ast.Constant)}
    found = [
        template(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in explained
    ]
    return [
        text for text in found if text and " " in text.strip() and any(letter.isalpha() for letter in text.replace("0", ""))
    ]


def spoken_modules() -> list[Path]:
    modules = sorted(PACKAGE.rglob("*.py"))
    return [path for path in modules if not path.relative_to(PACKAGE).as_posix().startswith(SPEAK_FOR_THEMSELVES)]


def test_every_message_of_the_code_has_its_french():
    texts = {text: path for path in spoken_modules() for text in texts_of(path)}
    texts |= {text: path for path in [PACKAGE / "scenario/months/words.py"] for text in words_of(path)}
    rulebook = sorted((PACKAGE / "law/rulebook").glob("*.py"))
    texts |= {text: path for path in rulebook for text in texts_of(path, errors_alone=True)}
    assert len(texts) > 180
    missing = [f"{path.relative_to(PACKAGE)}: {text}" for text, path in texts.items() if french(text) is None]
    assert not missing, "\n".join(missing)


def test_every_text_has_the_same_blanks_in_both_languages():
    for english, told in catalogue().items():
        assert blanks(english) == blanks(told), english
        assert told.strip() or not english.strip(), english


def test_every_help_text_has_its_french_and_every_command_a_heading():
    root = typer.main.get_command(app)
    texts = {HEADINGS[0]: "headings"} | dict.fromkeys(HEADINGS, "headings")
    for name, command in commands_of(root):
        texts[inspect.cleandoc(command.help)] = name
        texts |= {
            parameter.help: f"{name} {parameter.opts[0]}" for parameter in command.params if getattr(parameter, "help", "")
        }
    missing = [f"{where}: {text}" for text, where in texts.items() if french(text) is None]
    assert not missing, "\n".join(missing)
    assert all(command.rich_help_panel in HEADINGS for command in root.commands.values())


def test_every_option_that_takes_a_number_has_bounds_and_every_day_is_read_in_french():
    for name, command in commands_of(typer.main.get_command(app)):
        for parameter in command.params:
            kind = parameter.display_type(typer.Context(command))
            option = max(parameter.opts, key=len)
            if parameter.param_type_name == "option" and ("int" in kind or "float" in kind) and not parameter.is_flag:
                assert option in LIMITS, f"{name} {option}"
                assert ("float" in kind) == (option in DECIMALS), option
            if option.startswith("--") and "YYYY-MM-DD" in (parameter.help or ""):
                assert option in DAYS, f"{name} {option}"


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_BE"}, "fr"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:en"}, "fr"),
        ({"LANG": "C", "LANGUAGE": "fr"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "SORTIE_LANG": "en"}, "en"),
        ({"SORTIE_LANG": "fr_CA"}, "fr"),
    ],
)
def test_the_language_is_that_of_the_reader(environment, lang):
    assert language.chosen(["list"], environment) == (lang, ["list"])
    assert language.chosen(["list", "--lang", "fr"], environment) == ("fr", ["list"])
    assert language.chosen(["--lang=en", "list"], environment) == ("en", ["list"])


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--lang", "de"], {}, "--lang: met 'de', expected en or fr."),
        ([], {"SORTIE_LANG": "de"}, "SORTIE_LANG: met 'de'"),
        (["--lang", "fr", "--lang", "en"], {}, "--lang: given 2 times"),
    ],
)
def test_a_language_that_is_not_ours_is_refused(arguments, environment, words):
    with pytest.raises(RequestError, match=words):
        language.chosen(arguments, environment)


def test_help_speaks_french_by_option_variable_and_locale(sortie, monkeypatch):
    for set_up in ("--lang", "SORTIE_LANG", "LANG"):
        arguments = ("--lang", "fr") if set_up == "--lang" else ()
        if set_up != "--lang":
            monkeypatch.delenv("SORTIE_LANG", raising=False)
            monkeypatch.delenv("LC_ALL", raising=False)
            monkeypatch.setenv(set_up, "fr_FR.UTF-8")
        told = sortie("run", *arguments, "--help").out
        assert told.startswith("Utilisation : sortie run")
        for words in ("Simule des scénarios", "Options :", "Arguments :", "[nécessaire]", "Affiche ce message."):
            assert words in told, words
        for english in ("Usage", "required", "default", "Show this"):
            assert english not in told


ENGLISH = {"the", "of", "and", "with", "which", "expected", "met", "people", "without", "from", "is", "are", "not", "this"}


def english_in(text: str) -> set[str]:
    """Words that only English has, told by a text that should be French."""
    return {word.strip(".,;:()[]'\"«»").lower() for word in text.split()} & ENGLISH


def test_runs_reports_progress_and_lives_speak_french(sortie, engine):
    run = sortie("run", "baseline", "policy.yaml", "-n", "3", "-w", "1", *DATES, "--lang", "fr")
    assert run.code == 0
    assert "6 réplications à simuler, 0 déjà là" in run.err
    assert "baseline #0: enregistré après" in run.err or "baseline #0 : enregistré après" in run.err
    assert "Taux de sorties sèches" in run.out
    assert "0,4" in run.out or "0,6" in run.out or " %" in run.out
    (folder,) = (engine / "results" / "baseline").iterdir()
    texts = [run.out, run.err]
    texts += [sortie("run", "baseline", "-n", "2", "-w", "1", *DATES, "--lang", "fr").out]
    texts += [sortie("story", str(folder), "--pick", kind, "--lang", "fr").out for kind in ("dry", "adjusted")]
    for text in texts:
        assert not english_in(text), text


def test_errors_speak_french(sortie, engine):
    for arguments, words in (
        (("run", "baselin"), "pas de scénario 'baselin' (cherché dans "),
        (("run", "baseline", "--end", "never"), "--end : on lit 'never', une date comme 2026-07-01 est attendue."),
        (
            ("run", "baseline", "-n", "0"),
            "--replications : on lit 0, un nombre de 1 à 100\N{NARROW NO-BREAK SPACE}000 est attendu.",
        ),
        (
            ("run", "baseline", "-n", "many"),
            "valeur impossible pour « --replications » / « -n » : un nombre entier est attendu",
        ),
        (("run", "--frobnicate"), "pas d'option --frobnicate"),
        (("run",), "il manque l'argument « SCENARIO »"),
        (("walk",), "pas de commande « walk »."),
        (("compare", "baseline", "policy"), "aucune simulation finie de « baseline »"),
        (("compare", "a", "b", "--csv", "/proc/nowhere/x"), "aucune simulation finie"),
    ):
        answer = sortie(*arguments, "--lang", "fr")
        assert answer.code == 2, arguments
        assert words in answer.err, answer.err
        assert not english_in(answer.err), answer.err
