"""The wheel installed by pip in an environment of its own, away from the checkout: the whole product is there, in French.

Its dependencies are lent by the environment of the tests, as a line of a .pth file.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from .test_page import pasted

pytestmark = pytest.mark.slow

PAGES = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
import sim
from sim.cli.sharing import explorer_script
from sim.explorer.layout import PAGES, page_file
from sim.explorer.data import reference_folder
script = explorer_script()
assert script.is_relative_to(sys.prefix), script
assert (script.parent / ".streamlit" / "config.toml").is_file()
assert reference_folder().is_relative_to(sys.prefix), reference_folder()
at = AppTest.from_file(str(script), default_timeout=900).run()
assert not at.exception, at.exception
assert len(at.metric) == 6 and len(at.title) == 1
print(at.title[0].value)
for name, *_ in PAGES[1:]:
    at.switch_page(page_file(name)).run()
    assert not at.exception, (name, at.exception)
    assert not at.error, name
"""


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Folder in which to work, Python of the environment, and the variables of somebody whose system speaks French."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    site = next((folder / "env" / "lib").glob("python*/site-packages"))
    lent = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "lent.pth").write_text(f"{lent}\n")
    ours = ("PYTHONPATH", "LC_", "LANG", "SORTIE_LANG", "SORTIE_REFERENCE", "COLUMNS")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    (folder / "work").mkdir()
    return folder / "work", python, {**environment, "LANG": "fr_FR.UTF-8"}


def sortie(installed, *words):
    """What the installed command says."""
    folder, python, env = installed
    return subprocess.run(
        [python.with_name("sortie"), *words], cwd=folder, env=env, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_the_command_answers_in_french(installed, wheel):
    assert sortie(installed, "--version").stdout.strip() == wheel.name.split("-")[1]
    assert "Utilisation" in sortie(installed, "--help").stdout
    said = sortie(installed, "list")
    assert (said.returncode, said.stderr) == (0, "")
    assert "fill_vacant_posts" in said.stdout
    refused = sortie(installed, "show", "fill_vacent_posts")
    assert refused.returncode == 2
    assert "Vouliez-vous « fill_vacant_posts » ?" in refused.stderr


def test_a_note_is_written_from_the_figures_that_came_with_it(installed):
    folder, python, _ = installed
    said = sortie(installed, "note", "fill_vacant_posts", "--lang", "fr")
    assert said.returncode == 0, said.stderr
    note = folder / "results" / "note-fill_vacant_posts.html"
    assert said.stdout.strip() == str(note.relative_to(folder))
    text = note.read_text(encoding="utf-8")
    assert '<html lang="fr">' in text
    assert "Est-ce solide" in text
    assert "<svg" in text
    assert not list((python.parents[1] / "lib").rglob("note-*.html")), "nothing is written among the packages"


def test_every_page_of_the_explorer_opens(installed):
    folder, python, env = installed
    said = subprocess.run([python, "-c", PAGES], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "sortie" in said.stdout or said.stdout.strip()


def test_the_explorer_is_served_with_its_settings_and_says_so_in_french(installed):
    folder, python, env = installed
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    words = [python.with_name("sortie"), "explore", "--port", str(port), "--no-browser"]
    with (folder / "said.txt").open("w+", encoding="utf-8") as said:
        server = subprocess.Popen(words, cwd=folder, env=env, stdout=said, stderr=said)
        try:
            assert answer(f"http://127.0.0.1:{port}/_stcore/health", server) == b"ok"
            assert b"<html" in answer(f"http://127.0.0.1:{port}/", server)
            with pytest.raises(urllib.error.URLError):  # it listens on the address asked for, and no other
                urllib.request.urlopen(f"http://127.0.0.2:{port}/", timeout=5)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
        said.seek(0)
        text = said.read()
    assert f"L'explorateur : http://127.0.0.1:{port}" in text
    assert "You can now view" not in text
    assert not re.search("Traceback|Error", text), text


def answer(url, server):
    """Content of an address once the server answers."""
    until = time.monotonic() + 120
    while True:
        assert server.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(url, timeout=10) as found:  # noqa: S310 (an address of this machine)
                return found.read()
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until, url
            time.sleep(0.3)


def test_the_ten_lines_give_a_table_and_a_plot(installed):
    folder, python, env = installed
    pasted(folder, python, {**env, "LANG": "C.UTF-8"})


def test_the_settings_are_those_of_the_checkout(wheel, root, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.read("sim/explorer/entry/.streamlit/config.toml")
    assert packed == Path(root / ".streamlit" / "config.toml").read_bytes()
