-- Counters' devices, who may unlock each without a line, what each was given to work by, and the numbers that are its.

create table device (
    device_id uuid primary key,
    office text not null,
    label text not null,
    made_by text not null,
    made_at timestamptz not null,
    -- Of the code that enrols it, once.
    code_sha256 bytea not null,
    code_expires_at timestamptz not null,
    code_tries integer not null default 0,
    public_key bytea unique check (octet_length(public_key) = 32),
    enrolled_at timestamptz,
    -- What its store is encrypted with, sealed; gone once it is revoked.
    store_key_sealed bytea,
    revoked_at timestamptz,
    revoked_by text,
    revoked_for text,
    check ((public_key is null) = (enrolled_at is null)),
    check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoked_for is null)),
    check (revoked_at is null or store_key_sealed is null)
);
create index device_of_office on device (office, made_at desc, device_id desc);
create index device_by_time on device (made_at desc, device_id desc);

create table device_pass (
    pass_id uuid primary key,
    device_id uuid not null references device,
    staff text not null,
    role text not null,
    office text,
    session_id uuid not null,
    issued_at timestamptz not null
);
create index device_pass_of_device on device_pass (device_id, issued_at desc, pass_id desc);
create index device_pass_by_age on device_pass (issued_at);

alter table session add column device_id uuid;
create index session_on_device on session (device_id) where device_id is not null and ended_at is null;

-- No foreign key: rows of blocks outlive everything.
alter table number_block add column device_id uuid;
create index number_block_of_device on number_block (device_id, indicator, first_serial) where device_id is not null;
