"""Readers, and how they are known again."""

from sqlmodel import Session, select

from app.storage.people.readers import ReaderSession, by_token, rename, welcome


def test_a_guest_is_known_again_by_their_token_alone(session: Session) -> None:
    ann, token = welcome(session)
    bob, other = welcome(session)
    session.flush()
    assert by_token(session, token) is ann
    assert by_token(session, other) is bob
    for wrong in ("", token[:-1], token.upper(), str(ann.id), "\0", "é", "\ud800"):
        assert by_token(session, wrong) is None


def test_a_guest_is_called_after_their_number_until_they_take_a_name(session: Session) -> None:
    ann, _ = welcome(session)
    assert ann.name == f"Guest {ann.id}"
    rename(session, ann, "Ann")
    assert ann.name == "Ann"


def test_who_reads_the_database_cannot_pose_as_a_reader(session: Session) -> None:
    _, token = welcome(session)
    session.flush()
    kept = session.exec(select(ReaderSession.token_hash)).all()
    assert token not in kept
    assert all(by_token(session, hash) is None for hash in kept)


def test_a_token_cannot_be_guessed(session: Session) -> None:
    tokens = {welcome(session)[1] for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 32 for token in tokens)
