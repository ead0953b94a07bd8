"""Clerks at the public APIs: each request is one call of the history, with an honest outcome."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from onebox.simulator.connections import Answer, Connections, NoAnswer, NothingSent
from onebox.simulator.history import Call, History, Kind, Outcome

ANSWER_WITHIN_S = 15.0
MOST_CONNECTIONS = 256
TOKEN_LIVES_S = 300.0
TOKEN_RENEWED_AFTER_S = (180.0, 280.0)
"""Offices that opened together do not ask together ever after."""
LOOKED_AT_EVERY_S = 0.5
TOKEN_DOUBTED_AFTER_S = 5.0
"""A service that refuses an older token may hold other keys by now; one that refuses a new one has not heard yet."""

UNSURE = frozenset({"busy", "database-lost"})
"""By these a service says that it does not know itself whether it committed."""

Json = Mapping[str, Any]
NOTHING: Json = {}


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask of one service."""

    kind: Kind
    key: str
    service: str
    method: str
    path: str
    body: Json = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    office: str = ""


@dataclass(frozen=True, slots=True)
class _Session:
    token: str
    secret: str
    since: float
    renewed_at: float
    ends_at: float


@dataclass(slots=True)
class SignedIn:
    """The sessions of offices, and who asks for one now."""

    sessions: dict[str, _Session] = field(default_factory=dict)
    asking: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))


class Client:
    """Speaks for the clerks of all offices; `due_at` is when a call was meant to leave, now if left out."""

    def __init__(self, services: Mapping[str, Connections], history: History, passphrase: str, within_s: float) -> None:
        self.history = history
        self._services = services
        self._passphrase = passphrase
        self._within_s = within_s
        self.signed_in = SignedIn()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        urls: Mapping[str, str],
        history: History,
        passphrase: str,
        within_s: float = ANSWER_WITHIN_S,
        most_connections: int = MOST_CONNECTIONS,
    ) -> AsyncIterator["Client"]:
        """Open a client for the services at these addresses."""
        services = {service: Connections(url, most_connections) for service, url in urls.items()}
        try:
            yield cls(services, history, passphrase, within_s)
        finally:
            for connections in services.values():
                connections.close()

    def share_sessions(self, other: "Client") -> None:
        """Speak for the clerks whom another client has signed in."""
        self.signed_in = other.signed_in

    async def keep_signed_in(self) -> None:
        """Renew every session before it ends, as a counter's page that is left open does, until cancelled."""
        while True:
            for office in list(self.signed_in.sessions):
                if self._session(office) is None:
                    async with self.signed_in.asking[office]:
                        await self._renew(office)
            await asyncio.sleep(LOOKED_AT_EVERY_S)

    async def sign_in(self, office: str, due_at: float | None = None) -> Call:
        """Sign the clerk of an office in, or one of the staff who is bound to none by their name."""
        body = {"name": clerk_of(office), "passphrase": self._passphrase}
        call, answer = await self._send(Request(Kind.SIGN_IN, office, "parcel", "POST", "/sessions", body), {}, due_at)
        if call.outcome is Outcome.OK:
            self._keep(office, answer)
        return call

    async def _renew(self, office: str) -> bool:
        """Go on with the session of an office without a passphrase, as a counter's page does."""
        old = self.signed_in.sessions.get(office)
        if old is None or time.monotonic() > old.ends_at:
            return False
        request = Request(Kind.RENEW, office, "parcel", "POST", "/sessions/renewals", {"session": old.secret})
        call, answer = await self._send(request, {}, None)
        if call.outcome is Outcome.OK:
            self._keep(office, answer)
        return call.outcome is Outcome.OK

    def _keep(self, office: str, answer: Json) -> None:
        now = time.monotonic()
        token, secret = str(answer["token"]), str(answer["session"])
        renewed_at = now + random.uniform(*TOKEN_RENEWED_AFTER_S)
        self.signed_in.sessions[office] = _Session(token, secret, now, renewed_at, now + TOKEN_LIVES_S)

    async def register(self, office: str, key: str, body: Json, due_at: float | None = None) -> Call:
        """Register a parcel."""
        headers = {"Idempotency-Key": key}
        return await self.ask(office, Request(Kind.REGISTER, key, "parcel", "POST", "/parcels", body, headers), due_at)

    async def correct(self, office: str, number: str, recipient: Json, due_at: float | None = None) -> Call:
        """Correct who receives a parcel."""
        path = f"/parcels/{number}/recipient"
        return await self.ask(office, Request(Kind.CORRECT, number, "parcel", "PUT", path, recipient), due_at)

    async def declare(self, office: str, number: str, content: Json, due_at: float | None = None) -> Call:
        """Declare what a parcel for abroad holds."""
        path = f"/parcels/{number}/customs-declaration"
        return await self.ask(office, Request(Kind.DECLARE, number, "parcel", "PUT", path, content), due_at)

    async def cancel(self, office: str, number: str, due_at: float | None = None) -> Call:
        """Cancel a parcel."""
        path = f"/parcels/{number}/cancellation"
        return await self.ask(office, Request(Kind.CANCEL, number, "parcel", "POST", path), due_at)

    async def scan(self, office: str, form: Json, due_at: float | None = None) -> Call:
        """Send one scan."""
        key = str(form["scan_id"])
        return await self.ask(office, Request(Kind.SCAN, key, "tracking", "POST", "/scans", form), due_at)

    async def scan_batch(self, office: str, forms: Sequence[Json], due_at: float | None = None) -> Call:
        """Send scans together; the key is the id of the first."""
        key, body = str(forms[0]["scan_id"]), {"scans": list(forms)}
        return await self.ask(office, Request(Kind.SCAN_BATCH, key, "tracking", "POST", "/scans/batch", body), due_at)

    async def read_journey(self, number: str, due_at: float | None = None) -> Call:
        """Ask, as anybody may, where a parcel is."""
        request = Request(Kind.READ_JOURNEY, number, "tracking", "GET", f"/journeys/{number}")
        return (await self._send(request, {}, due_at))[0]

    async def read_parcel(self, office: str, number: str, due_at: float | None = None) -> Call:
        """Look a parcel up at its office of posting."""
        request = Request(Kind.READ_PARCEL, number, "parcel", "GET", f"/parcels/{number}")
        return await self.ask(office, request, due_at)

    async def ask_for_code(self, phone: str, due_at: float | None = None) -> Call:
        """Ask, as anybody may who has a phone, for a code to sign in with."""
        path = "/trader-sessions/codes"
        request = Request(Kind.ASK_CODE, phone, "parcel", "POST", path, {"phone": phone})
        return (await self._send(request, {}, due_at))[0]

    async def ask(self, office: str, request: Request, due_at: float | None = None) -> Call:
        """Ask as the clerk of an office, signing in before or renewing the session where that is due.

        The time to sign in is a call of its own and does not count for this one. Where signing in failed, nothing
        was asked, and the call that is returned is the sign-in.
        """
        session = self._session(office)
        if session is None:
            async with self.signed_in.asking[office]:
                signed_in = self._session(office) is not None or await self._renew(office)
                if not signed_in and (call := await self.sign_in(office)).outcome is not Outcome.OK:
                    return call
            session = self.signed_in.sessions[office]
            due_at = due_at and max(due_at, time.monotonic())
        token = {"Authorization": f"Bearer {session.token}"}
        call, _ = await self._send(replace(request, office=office), token, due_at)
        if call.status == 401 and time.monotonic() - session.since > TOKEN_DOUBTED_AFTER_S:
            self.signed_in.sessions.pop(office, None)
        return call

    def _session(self, office: str) -> _Session | None:
        session = self.signed_in.sessions.get(office)
        return session if session and time.monotonic() < session.renewed_at else None

    async def _send(self, request: Request, more: Mapping[str, str], due_at: float | None) -> tuple[Call, Json]:
        body = orjson.dumps(request.body) if request.method != "GET" else b""
        sent_at = time.monotonic()
        outcome, status, told, reason = Outcome.UNKNOWN, None, NOTHING, "cancelled"
        exact = b""
        try:
            answer = await self._services[request.service].ask(
                request.method, request.path, {**request.headers, **more}, body, self._within_s
            )
            status, told, reason = answer.status, _read(answer), ""
            outcome, reason = _judged(answer.status, told)
            exact = answer.body if request.kind is Kind.REGISTER else b""
        except NothingSent as fault:
            outcome, reason = Outcome.REFUSED, str(fault)
        except NoAnswer as fault:
            reason = str(fault)
        finally:
            call = self._call(request, outcome, status, told, reason, sent_at, due_at)
            call = replace(call, body=exact) if exact else call
            self.history.note(call)
        return call, told

    def _call(
        self,
        request: Request,
        outcome: Outcome,
        status: int | None,
        told: Json,
        reason: str,
        sent_at: float,
        due_at: float | None,
    ) -> Call:
        secret = request.kind in (Kind.SIGN_IN, Kind.RENEW)
        return Call(
            kind=request.kind,
            key=request.key,
            outcome=outcome,
            status=status,
            due_at=sent_at if due_at is None else due_at,
            sent_at=sent_at,
            ended_at=time.monotonic(),
            asked=NOTHING if secret else request.body,
            answer=NOTHING if secret and outcome is Outcome.OK else told,
            reason=reason,
            office=request.office,
        )


def clerk_of(office: str) -> str:
    """Return the name under which the sample clerk of an office signs in; a name in small letters stands for itself."""
    return office if office.islower() else f"clerk-{office.lower()}"


def _read(answer: Answer) -> Json:
    """Return what an answer says, with when to come again; a body that is no JSON stays as it is."""
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        told = {"unreadable": answer.body.decode("utf-8", "replace")} if answer.body else {}
    found: dict[str, Any] = told if isinstance(told, dict) else {"list": told}
    if "retry-after" in answer.headers:
        found["retry_after_s"] = answer.headers["retry-after"]
    return found


def _judged(status: int, told: Json) -> tuple[Outcome, str]:
    """Return the outcome of an answer, and the slug of its problem.

    A fault is unknown: it can follow a commit whose answer was lost. Any other 503 is said before something is done.
    """
    if 200 <= status < 300:
        return Outcome.OK, ""
    slug = str(told.get("type", "")).rpartition("/")[2] or f"status-{status}"
    if status >= 500 and (status != 503 or slug in UNSURE):
        return Outcome.UNKNOWN, slug
    return Outcome.REFUSED, slug
