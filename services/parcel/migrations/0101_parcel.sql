-- Offices' staff, item numbers, parcels, and the answers that were given to creating requests.

create table staff (
    staff_id uuid primary key,
    name text not null unique,
    passphrase_hash text not null,
    role text not null,
    office text,
    disabled_at timestamptz,
    sample boolean not null default false,
    created_at timestamptz not null default now()
);

-- A range is what the post grants for an indicator; offices reserve blocks from it ahead of need.
create table number_range (
    indicator text primary key check (indicator ~ '^[A-Z]{2}$'),
    first_serial integer not null check (first_serial >= 0),
    last_serial integer not null check (last_serial <= 99999999),
    next_serial integer not null,
    provisional boolean not null,
    check (next_serial between first_serial and last_serial + 1)
);

-- A block belongs to one office for ever; its serials are given out once and in order.
create table number_block (
    indicator text not null references number_range,
    office text not null,
    first_serial integer not null,
    last_serial integer not null,
    next_serial integer not null,
    reserved_at timestamptz not null,
    primary key (indicator, first_serial),
    check (next_serial between first_serial and last_serial + 1)
);
create index number_block_open on number_block (office, indicator, first_serial) where next_serial <= last_serial;

create table parcel (
    item_number text primary key,
    office text not null,
    service text not null,
    destination_country text not null,
    collecting_office text,
    weight_g integer not null check (weight_g > 0),
    length_mm integer,
    width_mm integer,
    height_mm integer,
    sender jsonb not null,
    recipient jsonb not null,
    sender_phone text not null,
    recipient_phone text not null,
    order_reference text,
    link_secret text not null,
    registered_by text not null,
    registered_at timestamptz not null,
    version integer not null default 1,
    state text not null default 'accepted',
    cancelled_at timestamptz,
    -- A number that comes back begins another journey, whose versions begin at one again.
    moved_journey_no integer not null default 1,
    moved_version integer not null default 0,
    holding_office text
);
create index parcel_by_office on parcel (office, registered_at desc, item_number desc);
create index parcel_by_collecting_office on parcel (collecting_office, registered_at desc, item_number desc);
create index parcel_by_recipient_phone on parcel (recipient_phone, registered_at desc);
create index parcel_by_sender_phone on parcel (sender_phone, registered_at desc);

-- The answer to a creating request, kept so that a repeated one gets the same bytes.
create table request (
    caller text not null,
    key text not null,
    body_sha256 bytea not null,
    answer bytea not null,
    item_number text,
    made_at timestamptz not null default now(),
    primary key (caller, key)
);
create index request_by_age on request (made_at);
