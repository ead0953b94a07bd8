-- Whom an item from abroad is for is corrected, and one that was taken in under a wrong number is withdrawn.

alter table inbound_item
    -- False where the post of origin alone told it: then a later message of it is believed.
    add column addressee_by_hand boolean not null default true,
    add column withdrawn_at timestamptz,
    add column withdrawn_by text,
    add column withdrawn_for text
        check (withdrawn_for in ('wrong_number', 'taken_in_twice', 'not_from_abroad', 'other')),
    add check ((withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_for is null));
-- Whoever completes an item by hand says where it waits: those that wait nowhere were completed by nobody.
update inbound_item set addressee_by_hand = false where source = 'itmatt' and collecting_office is null;

alter table past_inbound_item
    add column withdrawn_at timestamptz,
    add column withdrawn_by text,
    add column withdrawn_for text;

create table inbound_correction (
    item_number text not null references inbound_item,
    -- Of the item, as the correction left it.
    version integer not null,
    -- Null once the people of the item were forgotten.
    was jsonb,
    became jsonb,
    waited_at text,
    waits_at text,
    corrected_by text not null,
    office text,
    corrected_at timestamptz not null,
    primary key (item_number, version)
);
