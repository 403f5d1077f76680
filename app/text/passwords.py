"""Which passwords are no secret."""

import unicodedata
from itertools import pairwise

from app.text.names import key

LEAST = 8
MOST = 1_000
"""In code points."""

# The first that a stranger tries, of those that are long enough.
_COMMON = set(
    """
    password passw0rd p@ssw0rd p@ssword passwort password1 password12 password123 password1234 password! mypassword
    qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwertz123 qwertzui qwertzuiop azertyui azertyuiop 1q2w3e4r
    1q2w3e4r5t 1qaz2wsx zaq12wsx q1w2e3r4 asdfghjk asdfghjkl asdf1234 zxcvbnm1 zxcvbnm, abcd1234 abc12345 a1b2c3d4
    iloveyou iloveyou1 sunshine sunshine1 princess princess1 football football1 baseball basketball superman batman123
    starwars trustno1 whatever michelle jennifer jonathan computer internet corvette mercedes midnight victoria
    welcome1 welcome123 letmein1 letmein123 changeme changeme1 administrator admin123 admin1234 dragon123 monkey123
    shadow123 master123 charlie1 liverpool arsenal1 chelsea1 pokemon1 samsung1 google123 facebook linkedin minecraft
    secret123 geheimnis passwort1 passwort123 hallo123 hallo1234 motdepasse bonjour1 contraseña 123456ab 123456aa
    1234qwer q1w2e3r4t5 11223344 12121212 12341234 10203040 87654321 98765432 123123123 147258369 987654321 741852963
    12345678a 123456789a postil postil123 marginalia
    """.split()
)


def prepared(password: str) -> str:
    """A password as it is tried: the same for every keyboard that can write it."""
    return unicodedata.normalize("NFKC", password)


def fault_of(password: str, name: str = "") -> str:
    """Why this is no password for an account of this name, or nothing."""
    if len(password) < LEAST:
        return f"A password needs at least {LEAST} characters."
    if len(password) > MOST:
        return f"A password may have at most {MOST:,} characters."
    folded = key(password)
    if folded in _COMMON or len(set(folded)) < 3 or _is_run(folded):
        return "This is one of the first that a stranger would try. Choose another."
    bare = key(name).replace(" ", "")
    if bare and folded.replace(" ", "").strip("0123456789!.-_") in (bare, bare[::-1], bare * 2):
        return "Your name is no secret. Choose another."
    return ""


def _is_run(word: str) -> bool:
    """Whether its characters follow each other as 12345678 and hgfedcba do."""
    steps = {ord(after) - ord(before) for before, after in pairwise(word)}
    return steps - {-9, 9} in ({1}, {-1})
