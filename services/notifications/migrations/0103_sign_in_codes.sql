-- Sign-in codes on their way, and how it went.

create table code_message (
    message_id uuid primary key,
    request_id text not null unique,
    language text not null,
    traceparent text not null,
    state text not null check (state in ('queued', 'sending', 'accepted', 'failed', 'expired', 'unknown')),
    channel text,
    attempts integer not null default 0,
    created_at timestamptz not null,
    not_before timestamptz not null,
    deadline timestamptz not null,
    lease_until timestamptz,
    ended_at timestamptz,
    provider_reference text,
    reason text,
    check ((state = 'sending') = (lease_until is not null)),
    check ((state in ('accepted', 'failed', 'expired', 'unknown')) = (ended_at is not null))
);
create index code_message_due on code_message (not_before, message_id) where state = 'queued';
create index code_message_lease on code_message (lease_until) where state = 'sending';
create index code_message_deadline on code_message (deadline) where state = 'queued';
create index code_message_ended on code_message (ended_at) where ended_at is not null;

-- Phone and code, until the end of the message; without a check that could print them into a log.
create table code_to_send (
    message_id uuid primary key,
    phone text,
    code text
);
