-- What customs does with an item from abroad is told to its addressee: that it has the item, which papers it asks for, and
-- what is due where that was set or changed after the message that the item waits. This expands; the release before goes
-- on beside it and neither sees nor sends these messages, for which it has no words.

alter table message
    -- The item from abroad that customs tells of. Such a message has no item_number, by which the release before claims,
    -- and is to an 'addressee', whose messages it neither ends nor recovers.
    add column customs_item text,
    -- Which news of its milestone it tells: the journey, or the version at which papers were asked for or charges set.
    add column news_no integer,
    -- For which phone it was written: since of the phone.
    add column for_since integer,
    -- The amount that it told when it was tried last, 0 for none; null where nobody was, or a release tried it that kept
    -- none.
    add column told_minor bigint,
    add column told_currency text,
    drop constraint message_of_a_parcel_or_a_request,
    add constraint message_of_a_parcel_or_a_request check (
        (request_id is null and item_number is not null and occurred_at is not null and customs_item is null
            and (journey_no is null) = (repeats is not null))
        or (request_id is not null and language is not null and item_number is null and repeats is null
            and customs_item is null)
        or (request_id is null and item_number is null and occurred_at is not null and repeats is null
            and customs_item is not null and news_no is not null and for_since is not null)
    ) not valid;
-- No phone is told the same news twice, whatever is read again.
create unique index message_of_customs on message (customs_item, milestone, news_no, for_since)
    where customs_item is not null;
create index message_customs_due on message (not_before, message_id) where state = 'queued' and customs_item is not null;

alter table charges
    -- 0 in amount_minor is from now on: nothing is due, though something was perhaps.
    -- When the news was recorded, and when it was heard here; null where a release heard it that kept neither.
    add column told_at timestamptz,
    add column heard_at timestamptz;

-- Which papers customs asks for, as the contacts tell. Words may name somebody, so they go with the addressee, also where
-- the release before forgets them.
create table asked_papers (
    item_number text primary key,
    audience text not null default 'recipient',
    -- Null where none are asked for any more.
    wanted text,
    version integer not null,
    -- At which version these papers were asked for first.
    asked_version integer not null,
    told_at timestamptz not null,
    foreign key (item_number, audience) references contact on delete cascade
);

-- Where tracking says that an item from abroad is: with customs here, or not.
create table customs_stay (
    item_number text primary key,
    journey_no integer not null,
    version integer not null,
    at_customs boolean not null,
    office text,
    occurred_at timestamptz not null,
    told_at timestamptz not null
);

-- Which items from abroad to look at: their addressee is perhaps to be told something.
create table customs_news (
    item_number text primary key
);
