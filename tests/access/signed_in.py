"""Who signs in during the tests of access: a signing key, people of several offices, and tokens good and bad."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import jwt

from shared.access.roles import Role
from shared.access.scopes import LIVE_PREFIX, PRACTICE_PREFIX, Scope
from shared.access.tokens import ALGORITHM, AUDIENCE, ISSUER, SigningKey, issue, new_signing_key_pem
from shared.clock import now
from shared.contracts.directory import ActorV1, ApiKeyV1, DirectoryEvent, OfficeV1, SigningKeyV1, TraderV1
from tests.parcel.bodies import AWAY, HOME, THIRD

WITHOUT_OFFICE = {Role.ADMINISTRATOR, Role.AUDITOR, Role.DISTRICT, Role.TRADER}
SHOPS = {office: uuid5(NAMESPACE_URL, f"https://post.example/shops/{office}") for office in (HOME, AWAY, THIRD)}
"""A shop for each office."""


BOUND_DISTRICT = {office: f"district-of-{office}" for office in (HOME, AWAY)}
"""A person of the role district who acts for one office."""


def actor_id(role: Role, office: str, *, disabled: bool = False) -> str:
    """Return the id of the person who has a role in an office; traders are members of its shop."""
    if role is Role.TRADER:
        return str(member_id(office, disabled=disabled))
    return f"{role}-{office}{'-disabled' if disabled else ''}"


def member_id(office: str, *, disabled: bool = False) -> UUID:
    """Return the id of the owner of an office's shop, or of one who acts for it no longer."""
    return uuid5(NAMESPACE_URL, f"https://post.example/members/{office}/{disabled}")


def disabled(actor: str) -> str:
    """Return the id of the person of the same role and office who is disabled."""
    former = {str(member_id(office)): str(member_id(office, disabled=True)) for office in (HOME, AWAY)}
    return former.get(actor, f"{actor}-disabled")


def directory_entries(key: SigningKey) -> Iterator[DirectoryEvent]:
    """Return offices, the key, and a person of each role in two offices, once free to act and once disabled."""
    for office in (HOME, AWAY, THIRD):
        yield office_entry(office)
        yield TraderV1(trader=str(SHOPS[office]), office=office, disabled=False, sample=True, version=1)
    yield SigningKeyV1(key_id=key.key_id, public_key_pem=key.public_pem, version=1)
    for office in (HOME, AWAY):
        for role in Role:
            for disabled in (False, True):
                bound_to = None if role in WITHOUT_OFFICE else office
                person = actor_id(role, office, disabled=disabled)
                shop = str(SHOPS[office]) if role is Role.TRADER else None
                yield ActorV1(actor=person, role=role.value, office=bound_to, disabled=disabled, trader=shop, version=1)
        yield ActorV1(actor=BOUND_DISTRICT[office], role=Role.DISTRICT, office=office, disabled=False, version=1)
        yield from _keys(office)


def key_secret(office: str, scope: Scope, *, practice: bool) -> str:
    """Return the key that the shop of an office has for a scope."""
    return f"{PRACTICE_PREFIX if practice else LIVE_PREFIX}{office}-{scope.value}"


def _keys(office: str) -> Iterator[ApiKeyV1]:
    for scope in Scope:
        for practice in (False, True):
            secret = key_secret(office, scope, practice=practice)
            yield ApiKeyV1(
                key_id=str(uuid5(NAMESPACE_URL, secret)),
                trader=str(SHOPS[office]),
                secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
                scopes=[scope.value],
                practice=practice,
                expires_at=None,
                revoked=False,
                version=1,
            )


def office_entry(code: str, version: int = 1) -> OfficeV1:
    """Return an office of a trial set-up."""
    return OfficeV1(
        office=code,
        name_km=code,
        name_en=code,
        office_kind="ctc",
        district_code="2101",
        sample=True,
        version=version,
    )


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def good(key: SigningKey, actor: str) -> dict[str, str]:
    """Return the header of a person who is signed in."""
    return bearer(issue(key, actor, now())[0])


def signed(key: SigningKey, actor: str, at: datetime | None = None, **changed: Any) -> str:
    """Sign claims of which some are not as they should be; None leaves a claim out."""
    issued_at = at or now()
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": actor, "iat": issued_at, "exp": issued_at + timedelta(minutes=5)}
    kept = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwt.encode(kept, key.private_key, ALGORITHM, {"kid": key.key_id})


def with_password(key: SigningKey, actor: str) -> str:
    """Sign by HMAC with the public key as the password, which a checker that believes the header would accept."""
    good_claims = signed(key, actor).split(".")[1]
    header = _part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": key.key_id}).encode())
    mark = hmac.new(key.public_pem.encode(), f"{header}.{good_claims}".encode(), hashlib.sha256).digest()
    return f"{header}.{good_claims}.{_part(mark)}"


def unsigned(key: SigningKey, actor: str) -> str:
    """Return a token whose header says that it needs no signature."""
    header = _part(json.dumps({"alg": "none", "typ": "JWT", "kid": key.key_id}).encode())
    return f"{header}.{signed(key, actor).split('.')[1]}."


def altered(key: SigningKey, actor: str, other: str) -> str:
    """Return a token of one person in which another's id was written afterwards."""
    header, _, mark = signed(key, actor).split(".")
    return f"{header}.{signed(key, other).split('.')[1]}.{mark}"


def _unknown() -> SigningKey:
    return SigningKey.read(new_signing_key_pem())


def _same_id(key: SigningKey) -> SigningKey:
    return SigningKey(key.key_id, _unknown().private_key)


BadHeaders = Callable[[SigningKey, str], dict[str, str]]

REFUSED_TOKENS: dict[str, BadHeaders] = {
    "no token": lambda _key, _actor: {},
    "a malformed token": lambda _key, _actor: bearer("not.a.token"),
    "a token that is not text": lambda _key, _actor: {"Authorization": "Bearer \xe9\xff.\xe9.\xe9"},
    "another scheme": lambda key, actor: {"Authorization": f"Basic {signed(key, actor)}"},
    "an expired token": lambda key, actor: bearer(signed(key, actor, now() - timedelta(minutes=6))),
    "a token of tomorrow": lambda key, actor: bearer(signed(key, actor, now() + timedelta(days=1))),
    "a token without an end": lambda key, actor: bearer(signed(key, actor, exp=None)),
    "a token signed with an unknown key": lambda _key, actor: good(_unknown(), actor),
    "a token signed with another key under a known id": lambda key, actor: good(_same_id(key), actor),
    "alg none": lambda key, actor: bearer(unsigned(key, actor)),
    "the public key as a password": lambda key, actor: bearer(with_password(key, actor)),
    "another audience": lambda key, actor: bearer(signed(key, actor, aud="somebody")),
    "another issuer": lambda key, actor: bearer(signed(key, actor, iss="somebody")),
    "a person nobody knows": lambda key, _actor: good(key, "nobody"),
    "a disabled person": lambda key, actor: good(key, disabled(actor)),
    "a person written in afterwards": lambda key, actor: bearer(altered(key, disabled(actor), actor)),
}


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
