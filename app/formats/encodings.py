"""In which letters bytes are written."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MARKS = tuple(mark for mark, _ in _MARKS)
"""With what a text begins that says its encoding so."""

_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
"""As what browsers read encodings that say less than they mean."""


def decoded(content: bytes, charset: str = "") -> str:
    """The words of a text: by its byte order mark, else by the charset it is said to have, else as UTF-8, else as
    Windows wrote it.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        name = codecs.lookup(charset).name
        return content.decode(_READ_AS.get(name, name), "replace")
    except (LookupError, UnicodeError):
        pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut off, or one in a thousand that is none, makes no other encoding of it.
        broken = content.decode("utf-8", "replace")
        return (
            broken
            if error.start > 1000 or broken.count("\ufffd") * 100 < len(broken)
            else content.decode("cp1252", "replace")
        )
