-- Parcels that are announced before they come to a counter, and the sittings at which a counter accepts many at once.

-- Where the short numbers of an office go on; one that is free again may be given again.
create table draft_number (
    office text primary key,
    next_serial integer not null check (next_serial > 0)
);

create table sack (
    sack_id uuid primary key,
    trader_id uuid not null,
    office text not null,
    label text,
    made_by text not null,
    made_at timestamptz not null
);
create index sack_of_trader on sack (trader_id, made_at desc, sack_id desc);

create table draft (
    draft_id uuid primary key,
    office text not null,
    serial integer not null,
    trader_id uuid,
    sack_id uuid,
    source text not null check (source in ('api', 'form', 'file', 'visitor')),
    order_reference text,
    -- People and what they announced; null once it is closed, for the parcel keeps what is needed.
    announced jsonb,
    announced_sha256 bytea not null,
    announced_by text not null,
    announced_at timestamptz not null,
    expires_at timestamptz not null,
    state text not null default 'announced' check (state in ('announced', 'accepted', 'withdrawn', 'expired')),
    closed_at timestamptz,
    item_number text,
    check ((state = 'announced') = (closed_at is null)),
    check ((state = 'announced') = (announced is not null)),
    check ((state = 'accepted') = (item_number is not null))
);
create unique index draft_open_number on draft (office, serial) where state = 'announced';
create unique index draft_of_order on draft (trader_id, order_reference)
    where order_reference is not null and state in ('announced', 'accepted');
create index draft_of_office on draft (office, announced_at desc, draft_id desc);
create index draft_of_trader on draft (trader_id, announced_at desc, draft_id desc) where trader_id is not null;
create index draft_of_sack on draft (sack_id) where sack_id is not null;
create index draft_of_visitors on draft (office) where source = 'visitor' and state = 'announced';
create index draft_to_expire on draft (expires_at) where state = 'announced';
create index draft_to_forget on draft (closed_at) where closed_at is not null;

-- One customer at a counter: all that is accepted in a row is paid at once and stands on one receipt.
create table sitting (
    sitting_id uuid primary key,
    office text not null,
    trader_id uuid,
    -- The clerk sees that all of them are within the limits of size, and is not asked for each.
    fits_limits boolean not null,
    opened_by text not null,
    opened_at timestamptz not null,
    paid_at timestamptz,
    paid_by text,
    method text check (method in ('cash', 'khqr', 'account')),
    total_riel bigint,
    check ((paid_at is null) = (paid_by is null) and (paid_at is null) = (method is null)
        and (paid_at is null) = (total_riel is null))
);
create index sitting_of_office on sitting (office, opened_at desc, sitting_id desc);

create table sitting_item (
    sitting_id uuid not null references sitting,
    position integer not null check (position > 0),
    item_number text not null unique,
    draft_id uuid not null,
    primary key (sitting_id, position)
);

alter table printed drop constraint printed_kind_check;
alter table printed add constraint printed_kind_check
    check (kind in ('label', 'receipt', 'customs_form', 'stickers', 'sack_label', 'sitting_receipt')) not valid;
