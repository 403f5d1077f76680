"""Reads or writes one text, in a process of its own: `python -m app.importing.apart`. `reading.apart` starts it.

Standard input holds a line of JSON and the text; standard output gets a line of JSON for each step, the last of
which says how many bytes of the work follow, or why it was refused. A line may want what stands at an address: then
a pipe gives its length, on a line, and its bytes.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from app.formats import markdown, sources, works
from app.importing.illustrating import illustrated
from app.text.drafts import Draft, Work
from app.text.spans import Span

EVERY = 0.2
"""Seconds between two lines about the same step."""

TOO_MUCH = "it takes more memory to read than an article may"


def limit(memory: int, seconds: int) -> None:
    """Let this process have no more than so many bytes and so many seconds of the processor."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(5)


def tell(**said: Any) -> None:
    """One line to who has started this. Where nobody is there any more, it ends here."""
    try:
        sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(1)


def with_sentences(drafts: Iterable[Draft], of: int) -> Iterable[Draft]:
    """The drafts with their sentences cut, told as it goes on; `of` is how many code points all have together."""
    done, told = 0, 0.0
    for draft in drafts:
        cut: list[tuple[Span, ...]] = []
        for paragraph, span in zip(draft.paragraphs, draft.spans, strict=True):
            cut.append(tuple(one.shifted(span.start) for one in paragraph.sentences(draft.language)))
            done += len(paragraph.text)
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                tell(step="cutting", done=done, of=of)
        yield replace(draft, cut=tuple(cut))


def asker(pipe: int | None) -> Callable[[str], bytes]:
    """Who has somebody else fetch an address; nobody does where there is no pipe for an answer."""
    if pipe is None:
        return lambda _: b""
    answers = os.fdopen(pipe, "rb")

    def ask(address: str) -> bytes:
        tell(wanted=address)
        return answers.read(int(answers.readline() or 0))

    return ask


def read(content: bytes, pipe: int | None, **asked: str) -> bytes:
    """What somebody brings, of whatever format, as a work with its pictures and sentences."""
    tell(step="reading", done=0, of=0)
    work = illustrated(
        sources.read(content, **asked), asker(pipe), lambda done, of: tell(step="fetching pictures", done=done, of=of)
    )
    of = sum(len(paragraph.text) for draft in work.drafts for paragraph in draft.paragraphs)
    return works.write(replace(work, drafts=tuple(with_sentences(work.drafts, of))))


def edit(content: bytes, _pipe: int | None, **asked: str) -> bytes:
    """What somebody has made of an article in its editor, as a work with its sentences."""
    draft = sources.fitting(markdown.read(content.decode(), **asked))
    return works.write(Work(draft.title, (draft,)))


def write(content: bytes, _pipe: int | None) -> bytes:
    """The only draft of a work as Markdown."""
    from app.formats.markdown_blocks import write_article  # it needs the database: twice the memory to begin with

    return write_article(works.read(content).drafts[0].paragraphs).encode()


DEEDS: dict[str, Callable[..., bytes]] = {"read": read, "edit": edit, "write": write}


def main() -> None:
    said = json.loads(sys.stdin.buffer.readline())
    limit(said["memory"], said["seconds"])
    try:
        written = DEEDS[said["deed"]](sys.stdin.buffer.read(), said["pipe"], **said["asked"])
    except MemoryError:
        tell(refused=TOO_MUCH)
    except RecursionError:
        tell(refused="it is nested too deeply")
    except ValueError as error:
        tell(refused=str(error))
    else:
        tell(work=len(written))
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
