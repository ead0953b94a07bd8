-- Whom to tell, what was told, how it went.

-- No check here may fail on a person's data: PostgreSQL would print the row into logs and dead letters.
create table contact (
    item_number text not null,
    audience text not null,
    name text not null,
    phone text not null,
    language text not null,
    version integer not null,
    primary key (item_number, audience)
);
create index contact_phone on contact (phone);

create table parcel (
    item_number text primary key,
    collecting_office text,
    version integer not null
);

create table telegram_link (
    phone text primary key,
    chat bigint not null,
    linked_at timestamptz not null
);

create table message (
    message_id uuid primary key,
    item_number text not null,
    journey_no integer not null,
    milestone text not null,
    audience text not null,
    office text,
    occurred_at timestamptz not null,
    traceparent text not null,
    state text not null check (
        state in ('waiting_contact', 'queued', 'sending', 'accepted', 'failed', 'expired', 'unknown')
    ),
    channel text,
    attempts integer not null default 0,
    created_at timestamptz not null,
    not_before timestamptz not null,
    deadline timestamptz not null,
    lease_until timestamptz,
    ended_at timestamptz,
    provider_reference text,
    reason text,
    -- Nobody is told the same thing twice, whatever is read again.
    unique (item_number, journey_no, milestone, audience),
    check ((state = 'sending') = (lease_until is not null)),
    check ((state in ('accepted', 'failed', 'expired', 'unknown')) = (ended_at is not null))
);
create index message_due on message (not_before, message_id) where state = 'queued';
create index message_lease on message (lease_until) where state = 'sending';
create index message_waiting on message (item_number) where state = 'waiting_contact';
create index message_waiting_since on message (message_id) where state = 'waiting_contact';
create index message_deadline on message (deadline) where state in ('waiting_contact', 'queued');

create table attempt (
    message_id uuid not null references message (message_id) on delete cascade,
    attempt_no integer not null,
    channel text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    outcome text,
    provider_reference text,
    reason text,
    primary key (message_id, attempt_no)
);

create table development_inbox (
    message_id uuid primary key,
    phone text not null,
    channel text not null,
    body text not null,
    segments integer not null,
    at timestamptz not null,
    -- How often the same id came; the phone showed it once.
    received integer not null default 1
);
create index development_inbox_at on development_inbox (at);
create index development_inbox_phone on development_inbox (phone, at);
