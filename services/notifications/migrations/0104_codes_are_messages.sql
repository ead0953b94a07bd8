-- A sign-in code is a message too: one of a member, not of a parcel. Who waits for what is in one table.
-- This expands: the release before goes on with its codes through a view of the same name.

-- From here to the end nobody writes a code that would be left behind; in the order of who reads both.
lock table message, code_message in access exclusive mode;

alter table message
    alter column item_number drop not null,
    alter column journey_no drop not null,
    alter column occurred_at drop not null,
    add column request_id text,
    add column language text,
    -- Rows from before have a number all; not to read them again keeps the lock short.
    add constraint message_of_a_parcel_or_a_request check (
        (request_id is null and item_number is not null and journey_no is not null and occurred_at is not null)
        or (request_id is not null and language is not null and item_number is null)
    ) not valid;

insert into message (message_id, request_id, language, milestone, audience, traceparent, state, channel, attempts,
    created_at, not_before, deadline, lease_until, ended_at, provider_reference, reason)
select message_id, request_id, language, 'sign_in_code', 'member', traceparent, state, channel, attempts,
    created_at, not_before, deadline, lease_until, ended_at, provider_reference, reason
from code_message;
drop table code_message;

-- Of all rows, though most have no request: the release before names no condition when it meets a request again.
create unique index message_request on message (request_id);
-- Indexes of their own: what becomes of a code must not hang on how many messages are under way.
create index message_code_due on message (not_before, message_id) where state = 'queued' and audience = 'member';
create index message_code_ended on message (ended_at) where ended_at is not null and audience = 'member';

-- What the release before reads and writes: both claim, settle and end the same rows, so that no code is lost between
-- them or sent by both. The condition is that of the indexes. The release after this one drops the view.
create view code_message as
select message_id, request_id, language, milestone, audience, traceparent, state, channel, attempts, created_at,
    not_before, deadline, lease_until, ended_at, provider_reference, reason
from message where audience = 'member';
alter view code_message alter column milestone set default 'sign_in_code', alter column audience set default 'member';
