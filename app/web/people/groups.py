"""Groups: making one, coming in by an invitation, and what its owners decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request, Response
from pydantic import BaseModel, Field

from app.rendering.dates import date
from app.storage.links import links_of_group
from app.storage.margins import written_in
from app.storage.people import groups
from app.storage.people.groups import INVITATION_DAYS, Group, Invitation, Role
from app.storage.people.readers import Reader
from app.web.entrance.answers import page, see_other
from app.web.entrance.dependencies import (
    KNOWS_WHO_READS,
    CurrentReader,
    Id,
    KnownReader,
    Name,
    Transaction,
    WelcomedReader,
)
from app.web.entrance.forms import FormRoute
from app.web.entrance.words import Line

router = APIRouter(dependencies=KNOWS_WHO_READS, route_class=FormRoute)

NOINDEX = {"X-Robots-Tag": "noindex"}


class GroupForm(BaseModel):
    """What a group is called, and whether it hides the notes of others until one has written."""

    name: Annotated[Line, Field(min_length=1, max_length=groups.NAME_LENGTH)]
    hides: bool = False


class InvitationForm(BaseModel):
    """For how many days an invitation is good."""

    days: Annotated[int, Field(ge=1, le=365)] = INVITATION_DAYS


class RoleForm(BaseModel):
    """What a member is to be."""

    role: Role


def find_group(id: Id, session: Transaction, reader: KnownReader) -> Group:
    """A group in which the reader is: any other does not exist for them."""
    if group := groups.by_id(session, reader, id):
        return group
    raise HTTPException(404)


MembersGroup = Annotated[Group, Depends(find_group)]


def find_own_group(session: Transaction, reader: KnownReader, group: MembersGroup) -> Group:
    """A group that the reader owns."""
    membership = groups.membership(session, group, reader.id)
    if not membership or membership.role != "owner":
        raise HTTPException(403, "Only an owner of the group can do that.")
    return group


OwnGroup = Annotated[Group, Depends(find_own_group)]


def find_invitation(token: Name, session: Transaction) -> Invitation:
    """An invitation that is good: one withdrawn, run out or never made answers alike."""
    if invitation := groups.invitation(session, token):
        return invitation
    raise HTTPException(404, "This invitation is not good, or not any more. Ask who sent it for another.")


GoodInvitation = Annotated[Invitation, Depends(find_invitation)]


@router.get("/groups", name="groups")
def index(request: Request, reader: CurrentReader, session: Transaction) -> Response:
    """The groups in which one is, and the form to make one."""
    return page(request, "groups/index.html", groups=groups.groups_of(session, reader))


@router.post("/groups", name="make_group")
def create(request: Request, reader: KnownReader, session: Transaction, form: Annotated[GroupForm, Form()]) -> Response:
    if not reader.has_account:
        raise HTTPException(403, "To make a group you need an account, so that it is still yours in another browser.")
    group = groups.make(session, reader, form.name, form.hides)
    return see_other(request, f"/groups/{group.id}")


@router.get("/groups/{id}", name="group")
def show(request: Request, group: MembersGroup, reader: KnownReader, session: Transaction) -> Response:
    membership = groups.membership(session, group, reader.id)
    owned = membership is not None and membership.role == "owner"
    return page(
        request,
        "groups/show.html",
        group=group,
        owned=owned,
        members=groups.members_of(session, group),
        written=written_in(session, reader, group),
        # Behind a link stands what members of a group that hides may not see before they have written.
        links=links_of_group(session, group, reader) if owned or not group.hides else [],
        invitations=[
            (one, f"{request.app.state.settings.base_url}/join/{one.token}", date(one.expires_at))
            for one in (groups.invitations_of(session, group) if owned else ())
        ],
    )


@router.post("/groups/{id}", name="change_group")
def change(request: Request, group: OwnGroup, session: Transaction, form: Annotated[GroupForm, Form()]) -> Response:
    groups.change(session, group, form.name, form.hides)
    return see_other(request, f"/groups/{group.id}")


@router.post("/groups/{id}/leave", name="leave_group")
def leave(request: Request, group: MembersGroup, reader: KnownReader, session: Transaction) -> Response:
    groups.leave(session, group.id, reader.id)
    return see_other(request, "/groups")


@router.post("/groups/{id}/invitations", name="invitations")
def invite(
    request: Request,
    group: OwnGroup,
    reader: KnownReader,
    session: Transaction,
    form: Annotated[InvitationForm, Form()],
) -> Response:
    groups.invite(session, group, reader, form.days)
    return see_other(request, f"/groups/{group.id}#invitations")


@router.post("/groups/{id}/invitations/{number}/revoke", name="revoke_invitation")
def revoke(
    request: Request, group: OwnGroup, number: Annotated[int, Path(ge=1, lt=2**63)], session: Transaction
) -> Response:
    for invitation in groups.invitations_of(session, group):
        if invitation.id == number:
            groups.withdraw(session, invitation)
    return see_other(request, f"/groups/{group.id}#invitations")


MemberId = Annotated[int, Path(ge=1, lt=2**63)]


def find_member(session: Transaction, group: OwnGroup, member: MemberId) -> int:
    """The id of a reader who is in a group that one owns."""
    if groups.membership(session, group, member):
        return member
    raise HTTPException(404)


TheirId = Annotated[int, Depends(find_member)]


@router.post("/groups/{id}/members/{member}", name="appoint")
def appoint(
    request: Request, group: OwnGroup, member: TheirId, session: Transaction, form: Annotated[RoleForm, Form()]
) -> Response:
    groups.appoint(session, group, member, form.role)
    return see_other(request, f"/groups/{group.id}")


@router.post("/groups/{id}/members/{member}/remove", name="remove_member")
def remove(request: Request, group: OwnGroup, member: TheirId, session: Transaction) -> Response:
    groups.remove(session, group.id, member)
    return see_other(request, f"/groups/{group.id}")


@router.get("/join/{token}", name="invitation")
def invited(request: Request, invitation: GoodInvitation, reader: CurrentReader, session: Transaction) -> Response:
    """What an invitation leads to: which group it is, and the button to come in."""
    group = session.get_one(Group, invitation.group_id)
    return page(
        request,
        "groups/join.html",
        headers=NOINDEX,
        group=group,
        number=len(groups.members(session, group.id)),
        belongs=belongs(session, group, reader),
        token=invitation.token,
    )


def belongs(session: Transaction, group: Group, reader: Reader | None) -> bool:
    return reader is not None and groups.membership(session, group, reader.id) is not None


@router.post("/join/{token}", name="join")
def join(request: Request, invitation: GoodInvitation, reader: WelcomedReader, session: Transaction) -> Response:
    groups.join(session, invitation.group_id, reader)
    return see_other(request, f"/groups/{invitation.group_id}")
