"""The state machine: Hypothesis chooses what clients do and what goes wrong, and in which order."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Scan, Source
from shared.s10 import ItemNumber
from tests.model import scope
from tests.model.cluster import Verdict
from tests.model.faults import Kind
from tests.model.loop import NOON
from tests.model.provider import Reply
from tests.model.scope import moment, new_uuid
from tests.model.world import SERVICES, World

ACTIVITIES = (
    "parcel.intake",
    "parcel.relay",
    "parcel.consumer",
    "parcel.desk",
    "parcel.erasure",
    "tracking.relay",
    "tracking.consumer",
    "tracking.counter",
    "notifications.relay",
    "notifications.consumer",
    "notifications.send",
    "notifications.tidy",
    "notifications.send codes",
    "notifications.tidy codes",
)
CODES: tuple[tuple[EventCode, dict[str, Any]], ...] = (
    (EventCode.EMI, {}),
    (EventCode.EDG, {}),
    (EventCode.EDH, {}),
    (EventCode.EMG, {}),
    (EventCode.EDD, {}),
    (EventCode.EMA, {}),
    (EventCode.EMH, {"reason": "14", "action": "returned-to-sender"}),
    (EventCode.EMH, {"reason": "27", "action": "forwarded"}),
    (EventCode.EDX, {"reason": "seized"}),
)
MINUTES = (0, 1, 2, 3, -1, 5, -365 * 1440 - 600)
"""When a scan was made, counted from the beginning of the history; the last is more than a year before."""
TICKS_S = (0.0, 0.0, 0.0, 0.6, 0.6, 1.1, 6.0, 31.0, 130.0)
PARCELS = 3
LIVES_S = (300.0, 5.0)
"""How long a code is worth something: longer than it may be on its way, or not even that long."""
UPSET = (ACTIVITIES, *(tuple(one for one in ACTIVITIES if one.startswith(name)) for name in SERVICES))
"""What a history's traps lie in wait for."""
GATHERED_S = 0.1
"""Until a code waits to be sent, if nothing goes wrong; its sender has not looked for it yet."""
CALLS_OF_A_CODE = 10
"""From the look for it to the commit of its outcome."""
BATCH_BYTES = (131_072, 1)
"""The second has room for one row: whatever is empty takes one."""
PORTIONS = (500, 1, 2, 3)
"""How many rows a relay reads at once; while it waits for the answers to as many, it reads the next."""
MANY = 4_095
BEFALLS = st.integers(0, 65_535)


class Post(RuleBasedStateMachine):
    """One history; each number that a rule draws is taken apart into its choices."""

    completed: ClassVar[int] = 0
    hurt: ClassVar[int] = 0
    """How many of the completed histories had a call caught by a trap."""
    steps: ClassVar[int] = 0
    """What was done in all of the completed histories."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.loop = self._open.enter_context(scope.history())
        self.begun = False
        self.broken = False
        self.done = 0

    @initialize(choice=st.integers(0, MANY), befalls=BEFALLS)
    def open(self, choice: int, befalls: int) -> None:
        choice, self.sort = divmod(choice, 8)
        choice, several = divmod(choice, 2)
        choice, upset = divmod(choice, len(UPSET))
        choice, batch_bytes = divmod(choice, len(BATCH_BYTES))
        self._open.enter_context(scope.portions(PORTIONS[choice % len(PORTIONS)]))
        self.parcels = PARCELS if several else 1
        self.upset = UPSET[upset]
        self.world = World(
            self.loop,
            moment,
            at_a_time=(1, 2, 3, 500)[self.sort % 4],
            batch_bytes=BATCH_BYTES[batch_bytes],
            deduplicates=self.sort >= 4,
        )
        self.begun = True
        self.register(0, befalls)

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def register(self, choice: int, befalls: int) -> None:
        """A counter registers a parcel, or asks again, or uses a key for another parcel; it may not hear the answer."""
        self.befall(befalls)
        choice, other = divmod(choice, 4)
        self.world.register(choice % self.parcels, 200 if other == 3 else 100, listens=choice % 3 < 2)
        self.pass_time(befalls)

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def scan(self, choice: int, befalls: int) -> None:
        """A counter sends one scan or two, of a parcel that may not be registered yet."""
        self.befall(befalls)
        choice, parcel = divmod(choice, PARCELS)
        first = self._scan(parcel % self.parcels, choice, 0)
        self.world.scan([first, self._scan(parcel % self.parcels, choice // 64, 1)] if choice % 4 == 3 else [first])
        self.pass_time(befalls)

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def again(self, choice: int, befalls: int) -> None:
        """A scan is sent again, or an event is written again by a producer that had no answer."""
        self.befall(befalls)
        choice, what = divmod(choice, 3)
        if what == 0 and self.world.sent:
            self.world.scan([self.world.sent[choice % len(self.world.sent)]])
        else:
            self.world.cluster.repeat(choice, elsewhere=what == 2)
        self.pass_time(befalls)

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def change(self, choice: int, befalls: int) -> None:
        """A sender cancels or corrects; a recipient links Telegram."""
        self.befall(befalls)
        choice, what = divmod(choice, 3)
        if what == 2:
            self.world.link(choice % self.parcels)
        else:
            self.world.change(choice % self.parcels, cancel=what == 1)
        self.pass_time(befalls)

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def sign_in(self, choice: int, befalls: int) -> None:
        """A member asks for a code, on a recipient's phone; something may befall its sender while the code is good."""
        self.befall(befalls)
        choice, lives = divmod(choice, len(LIVES_S))
        choice, member = divmod(choice, PARCELS)
        self.world.ask_code(member % self.parcels, LIVES_S[lives])
        self.world.advance(GATHERED_S)
        choice, left = divmod(choice, CALLS_OF_A_CODE)
        choice, kind = divmod(choice, 2 * len(Kind))
        if kind < len(Kind):
            self.world.trap("notifications.send codes", tuple(Kind)[kind], left, late=bool(choice % 2))
        self.pass_time(befalls)

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def age(self, choice: int, befalls: int) -> None:
        """Parcels are made findable, grow old and lose their people; an operator has all contacts told again."""
        self.befall(befalls)
        match choice % 4:
            case 0:
                self.world.make_findable()
            case 1:
                self.world.tell_contacts_again()
            case what:
                self.world.erase(contacts_late=what == 3)
                if choice // 4 % 2:
                    self.world.tell_contacts_again()
        self.pass_time(befalls)

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def wait(self, choice: int, befalls: int) -> None:
        """What was held goes on, and time passes."""
        self.befall(befalls)
        self.world.faults.let_go(choice)
        self.world.advance(TICKS_S[choice % len(TICKS_S)])

    @rule(choice=st.integers(0, MANY), befalls=BEFALLS)
    def disturb(self, choice: int, befalls: int) -> None:
        """A process dies, a relay loses its lead, a group reads again from the start, events are sent again."""
        self.befall(befalls)
        choice, service = divmod(choice, len(SERVICES))
        self.world.disturb(SERVICES[service], choice)
        self.pass_time(befalls)

    def befall(self, befalls: int) -> None:
        """Take a step, and set what may go wrong from here on; half the time nothing."""
        self.done += 1
        choice, what = divmod(befalls // len(TICKS_S), 8)
        if what < 2:
            choice, late = divmod(choice, 2)
            choice, kind = divmod(choice, len(Kind))
            left, activity = divmod(choice, len(self.upset))
            self.world.trap(self.upset[activity], tuple(Kind)[kind], left % 8, late=bool(late))
        elif what == 2:
            after, verdict = divmod(choice, len(Verdict))
            self.world.upset_broker(tuple(Verdict)[verdict], after % 4)
        elif what == 3:
            after, reply = divmod(choice, len(Reply))
            self.world.upset_provider(tuple(Reply)[reply], after % 2)

    def pass_time(self, befalls: int) -> None:
        """Let some time pass, or none."""
        self.loop.settle()
        if tick := TICKS_S[befalls % len(TICKS_S)]:
            self.world.advance(tick)

    @invariant()
    def keeps_its_promises(self) -> None:
        if self.begun:
            self.loop.settle()
            self.broken = True
            self.world.check()
            self.broken = False

    def teardown(self) -> None:
        try:
            if self.begun and not self.broken:
                self.world.end()
                type(self).completed += 1
                type(self).hurt += self.world.faults.sprung > 0
                type(self).steps += self.done
        finally:
            if self.begun:
                self.world.close()
            self._open.close()

    def _scan(self, parcel: int, choice: int, place: int) -> Scan:
        code, data = CODES[choice % len(CODES)]
        return Scan(
            scan_id=new_uuid(1_000_000 + len(self.world.sent) + place),
            item_number=str(ItemNumber("PD", parcel, "KH")),
            event_code=code,
            device_time=NOON + timedelta(minutes=MINUTES[choice // len(CODES) % len(MINUTES)]),
            received_at=moment(),
            office="TK02",
            source=Source.COUNTER,
            **data,
        )
