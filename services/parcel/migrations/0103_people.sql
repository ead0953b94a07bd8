-- Sessions of people, the tries of those who sign in, second factors; shops with members, keys and address books.

alter table staff add column totp_sealed bytea;
-- The last step whose code was taken: a code is taken once.
alter table staff add column totp_step bigint not null default 0;

create table session (
    session_id uuid primary key,
    secret_sha256 bytea not null unique,
    actor text not null,
    began_at timestamptz not null,
    used_at timestamptz not null,
    ended_at timestamptz
);
create index session_of_actor on session (actor) where ended_at is null;
create index session_by_age on session (began_at);

-- Who: the name of a member of staff or the hash of a phone, known or not.
create table sign_in_try (
    who text primary key,
    tries integer not null,
    last_at timestamptz not null
);

create table trader (
    trader_id uuid primary key,
    shop_name text not null,
    office text not null,
    identity jsonb not null,
    payout jsonb not null,
    opened_by text not null,
    opened_at timestamptz not null,
    disabled_at timestamptz,
    sample boolean not null default false
);
create index trader_of_office on trader (office, shop_name);

create table trader_member (
    member_id uuid primary key,
    trader_id uuid not null references trader,
    name text not null,
    phone text not null,
    language text not null,
    role text not null check (role in ('owner', 'member')),
    added_at timestamptz not null,
    disabled_at timestamptz
);
-- A phone signs in to one shop; who left one may join another.
create unique index trader_member_by_phone on trader_member (phone) where disabled_at is null;
create index trader_member_of_trader on trader_member (trader_id);

create table sign_in_code (
    phone text primary key,
    code_sha256 bytea not null,
    tries integer not null default 0,
    made_at timestamptz not null,
    expires_at timestamptz not null
);

create table address_entry (
    entry_id uuid primary key,
    trader_id uuid not null references trader,
    person jsonb not null,
    phone text not null,
    country text not null,
    kept_at timestamptz not null,
    unique (trader_id, phone)
);

create table api_key (
    key_id uuid primary key,
    trader_id uuid not null references trader,
    label text not null,
    prefix text not null,
    secret_sha256 bytea not null unique,
    scopes text[] not null,
    practice boolean not null,
    made_by text not null,
    made_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
);
create index api_key_of_trader on api_key (trader_id);
