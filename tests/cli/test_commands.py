"""The command line: what fails is said in one line that tells how to mend it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from app.storage.database import Database
from tests.cli.conftest import postil
from tests.conftest import ROOT, SLUG, start_server, wait_until
from tests.formats.books import packed
from tests.library import everything


def library(folder: Path) -> dict[str, list[str]]:
    """The paragraphs of every article in the library of this folder, by its slug."""
    database = Database(f"sqlite:///{folder / 'postil.db'}")
    kept = everything(database)
    database.close()
    return {
        article.slug: [paragraph.text for paragraph in kept["paragraph"] if paragraph.article_id == article.id]
        for article in kept["article"]
    }


def test_texts_are_imported_from_files_and_from_what_is_piped_in(tmp_path: Path) -> None:
    (tmp_path / "bees.txt").write_bytes("\ufeffOn bees\r\n\r\nOne 🐝.\r\nTwo.\r\n".encode())
    ran = postil(tmp_path, "import", str(tmp_path / "bees.txt"), "-", piped=b"Of ants. Of many ants.\n")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "on-bees\nof-ants-of-many-ants\n", "")
    assert library(tmp_path) == {"on-bees": ["One 🐝.", "Two."], "of-ants-of-many-ants": ["Of ants. Of many ants."]}


def test_a_text_keeps_the_day_on_which_it_says_it_was_published(tmp_path: Path) -> None:
    (tmp_path / "bees.md").write_text("---\ndate: 1926-11-22\n---\n\n# On bees\n\nThey hum.\n", "utf-8")
    (tmp_path / "ants.html").write_text("<meta name=date content=soon><h1>On ants</h1><p>They walk.</p>", "utf-8")
    ran = postil(tmp_path, "import", str(tmp_path / "bees.md"), str(tmp_path / "ants.html"))
    assert (ran.returncode, ran.stderr) == (0, "")
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    assert {one.slug: str(one.published_on) for one in everything(database)["article"]} == {
        "on-bees": "1926-11-22",
        "on-ants": "None",
    }
    database.close()


def test_markdown_is_known_by_the_name_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "bees.md").write_text("# On *bees*\n\n- One\n- **Two**\n", "utf-8")
    (tmp_path / "deep.MD").write_text("- " * 5_000 + "a", "utf-8")
    ran = postil(tmp_path, "import", str(tmp_path / "bees.md"), str(tmp_path / "deep.MD"))
    assert "deep in it" in ran.stderr
    assert library(tmp_path) == {}
    ran = postil(tmp_path, "import", str(tmp_path / "bees.md"))
    assert (ran.stdout, ran.stderr) == ("on-bees\n", "")
    assert library(tmp_path) == {"on-bees": ["One", "Two"]}


def test_a_saved_page_is_read_with_what_it_says_of_itself(tmp_path: Path) -> None:
    page = "<html lang=uk><meta charset=windows-1251><h1>Про бджіл</h1><script>x</script><p>Одна.<ul><li>Дві</ul>"
    (tmp_path / "bees.HTM").write_bytes(page.encode("cp1251"))
    ran = postil(tmp_path, "import", str(tmp_path / "bees.HTM"))
    assert (ran.stdout, ran.stderr) == ("pro-bdzhil\n", "")
    assert library(tmp_path) == {"pro-bdzhil": ["Одна.", "Дві"]}


def test_a_file_too_large_to_be_an_article_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(100_000_000)
    ran = postil(tmp_path, "import", str(tmp_path / "huge.txt"))
    assert "more than 30 MB are no article" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_same_again_is_refused_unless_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "bees.txt").write_text("On bees\nThey hum.", "utf-8")
    assert postil(tmp_path, "import", str(tmp_path / "bees.txt")).stdout == "on-bees\n"
    ran = postil(tmp_path, "import", str(tmp_path / "bees.txt"))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"postil revise on-bees {tmp_path / 'bees.txt'}" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert postil(tmp_path, "import", "--twin", str(tmp_path / "bees.txt")).stdout == "on-bees-2\n"
    assert list(library(tmp_path)) == ["on-bees", "on-bees-2"]


def test_a_book_is_a_collection_of_its_chapters(tmp_path: Path) -> None:
    (tmp_path / "book.epub").write_bytes(packed((ROOT / "tests/formats/epub/one-file.book").read_text("utf-8")))
    ran = postil(tmp_path, "import", str(tmp_path / "book.epub"))
    assert ran.returncode == 0, ran.stderr
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    kept = everything(database)
    database.close()
    assert len(kept["collection"]) == 1
    # Among the newest, which are those of the highest ids, the first chapter comes first.
    assert [one.slug for one in kept["article"]] == ran.stdout.split()[::-1]
    order = {one.article_id: one.position for one in kept["part"]}
    assert sorted(order, key=order.__getitem__) == sorted(order, reverse=True)
    assert len(kept["part"]) == len(ran.stdout.split()) > 1


def test_a_book_that_is_here_already_revises_its_chapters_one_by_one(tmp_path: Path) -> None:
    book, given = tmp_path / "book.epub", (ROOT / "tests/formats/epub/one-file.book").read_text("utf-8")
    book.write_bytes(packed(given))
    slugs = postil(tmp_path, "import", str(book)).stdout.split()
    ran = postil(tmp_path, "import", str(book))
    assert ran.returncode == 1
    assert f"it is here already, as {', '.join(slugs[:3])} and others" in ran.stderr
    assert f"postil revise SLUG {book}" in ran.stderr
    book.write_bytes(packed(given.replace("Second words.", "Other words.")))
    ran = postil(tmp_path, "revise", "ii", str(book))
    assert ran.stdout == "No notes on it\nRevision 2 of ii\n", ran.stderr
    assert library(tmp_path)["ii"][-1:] == ["Other words."]
    book.write_bytes(
        packed(given.replace("<h2>II</h2>", "<h2>Two</h2>").replace("<text>II</text>", "<text>Two</text>"))
    )
    ran = postil(tmp_path, "revise", "ii", str(book))
    assert ran.returncode == 1
    assert "none of them is called “II”" in ran.stderr


def test_who_interrupts_it_publishes_nothing(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("Bees *hum* and *hum*.\n\n" * 45_000, "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTIL_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "import", str(tmp_path / "long.md")],
        cwd=ROOT,
        env=kept | {"POSTIL_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell runs in the background has been told to let Ctrl-C pass it by.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    wait_until(lambda: (tmp_path / "postil.db").exists() and reads(process.pid), "it does not read")
    process.send_signal(signal.SIGINT)
    said, wrong = process.communicate(timeout=30)
    assert process.returncode != 0
    assert said == ""
    assert "Traceback" not in wrong
    assert library(tmp_path) == {}


def reads(id: int) -> bool:
    """Whether a process has one of its own that reads."""
    found = [Path(thread, "children").read_text().split() for thread in Path(f"/proc/{id}/task").iterdir()]
    return any("app.importing.apart" in Path(f"/proc/{child}/cmdline").read_text() for some in found for child in some)


def test_what_cannot_be_read_is_said_with_what_can(tmp_path: Path) -> None:
    (tmp_path / "bees.txt").write_bytes(b"%PDF-1.7")
    ran = postil(tmp_path, "import", str(tmp_path / "bees.txt"))
    said = "it is a PDF. Plain text, Markdown, HTML and EPUB can be read.\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"postil: {tmp_path / 'bees.txt'}: {said}")


def test_an_address_is_fetched_only_where_the_guard_lets_it(tmp_path: Path) -> None:
    ran = postil(tmp_path, "import", "http://127.0.0.1/bees")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "postil: http://127.0.0.1/bees: 127.0.0.1 is not to be found on the open internet.\n"
    ran = postil(tmp_path, "import", "http://127.0.0.1/bees", environment={"POSTIL_FETCHING": "off"})
    assert "switched off" in ran.stderr


def test_an_article_gets_the_title_slug_and_language_that_are_said(tmp_path: Path) -> None:
    arguments = ("import", "-", "--title", " Про\nбджіл ", "--slug", "bees", "--language", "uk")
    assert postil(tmp_path, *arguments, piped="Один.\n".encode()).stdout == "bees\n"
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    (article,) = everything(database)["article"]
    database.close()
    assert (article.title, article.slug, article.language) == ("Про бджіл", "bees", "uk")


def test_of_texts_that_are_not_all_there_none_is_imported(tmp_path: Path) -> None:
    (tmp_path / "bees.txt").write_text("Bees.", "utf-8")
    ran = postil(tmp_path, "import", str(tmp_path / "bees.txt"), str(tmp_path / "ants.txt"))
    assert ran.returncode != 0
    assert library(tmp_path) == {}


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["import", "nowhere.txt"], {}, "No such file or directory: nowhere.txt"),
        (["import", "app"], {}, "Is a directory: app"),
        (["import", "static/icon.svg", "--slug", "A b"], {}, "cannot be a slug"),
        (["import", "-"], {}, "-: there is no text in it"),
        (["serve", "--host", "0.0.0.0"], {}, "--open-to-network"),
        (["serve", "--host", "::"], {}, "--open-to-network"),
        (["serve"], {"POSTIL_BASE_URL": "postil.example"}, "POSTIL_BASE_URL"),
        (["import", "-"], {"POSTIL_DATABASE_URL": "mysql://ann:secret@db/postil"}, "POSTIL_DATABASE_URL"),
        (["serve"], {"POSTIL_DATABASE_URL": "postgresql+psycopg://ann:secret@127.0.0.1:9/postil"}, "database"),
        (["serve"], {"POSTIL_DATABASE_URL": f"sqlite:///{__file__}"}, "not a database"),
        (["serve"], {"POSTIL_DATA_DIR": "/dev/null/data"}, "/dev/null"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_fails_is_said_in_one_line(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    ran = postil(tmp_path, *arguments, environment=environment)
    assert ran.returncode != 0
    assert ran.stderr.startswith("postil: ")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert "secret" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("arguments", [["nonsense"], ["serve", "--port", "0"], ["import"]], ids=" ".join)
def test_a_command_that_is_none_is_refused_without_a_traceback(tmp_path: Path, arguments: list[str]) -> None:
    ran = postil(tmp_path, *arguments)
    assert ran.returncode != 0
    assert "--help" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list(tmp_path.iterdir())


def test_a_library_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'postil.db'}")
    database.migrate()
    with database.engine.begin() as connection:
        connection.execute(sql("UPDATE alembic_version SET version_num = '2099_01_01'"))
    database.close()
    ran = postil(tmp_path, "import", "-", piped=b"Bees.")
    assert ran.returncode != 0
    assert "another version" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert library(tmp_path) == {}


def test_serving_begins_with_the_seed_article_and_shows_no_password(
    tmp_path: Path, empty_url: str, backend: str
) -> None:
    url = empty_url.replace("postgres@", "postgres:secret@")
    server = start_server(tmp_path, POSTIL_DATABASE_URL=url)
    server.process.terminate()
    server.process.wait(20)
    database = Database(empty_url)
    assert [article.slug for article in everything(database)["article"]] == [SLUG]
    database.close()
    assert f"Postil serves {server.url} from {backend}" in server.log.read_text()
    assert "secret" not in server.log.read_text()
