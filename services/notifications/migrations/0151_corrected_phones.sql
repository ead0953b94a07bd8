-- A phone that was corrected is told where its parcel stands, once; this expands, the release before goes on beside it.

-- The version of the contacts since which this phone is known; 0 where a release wrote it that kept none.
alter table contact add column phone_since integer not null default 0;

-- Phones that a correction took away, so that one that comes back is known. Forgotten with the people.
create table former_phone (
    item_number text not null,
    audience text not null,
    phone text not null,
    since integer not null,
    primary key (item_number, audience, phone)
);

-- Whom to look at: their phone is perhaps another than the one that was told.
create table correction (
    item_number text not null,
    audience text not null,
    primary key (item_number, audience)
);

alter table message
    -- The first message of the same telling. A repeat has no journey of its own, so that the unique rule of the
    -- first messages, which the release before names in its insert, stays as it is and does not meet it.
    add column repeats uuid,
    -- Whom it was tried on: since of the phone; null where nobody was, or a release tried it that kept none.
    add column told_since integer,
    drop constraint message_of_a_parcel_or_a_request,
    add constraint message_of_a_parcel_or_a_request check (
        (request_id is null and item_number is not null and occurred_at is not null
            and (journey_no is null) = (repeats is not null))
        or (request_id is not null and language is not null and item_number is null and repeats is null)
    ) not valid;
-- No corrected phone is told the same thing twice, whatever is read again.
create unique index message_repeat on message (repeats, told_since) where repeats is not null;
