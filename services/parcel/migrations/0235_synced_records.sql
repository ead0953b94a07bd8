-- What devices did without a line and sent later: how far each has sent, and what became of each record.

create table synced_device (
    device_id uuid primary key,
    -- All up to here were applied or set aside.
    last_sequence bigint not null,
    received_at timestamptz,
    clock_ahead_ms bigint
);

-- What comes again is known by the digest of its bytes. The bytes themselves are kept of what was set aside alone, and
-- as long as people are kept: a registration names them. What was applied stands in its own tables.
create table synced_record (
    id bigint generated always as identity unique,
    device_id uuid not null,
    sha256 bytea not null,
    -- None where it says the place of another, or cannot be read and stood at no free place.
    sequence bigint,
    record_id uuid,
    kind text,
    staff text,
    pass_id uuid,
    bundle_id text,
    recorded_at timestamptz,
    drift_ms bigint,
    received_at timestamptz not null,
    clock_ahead_ms bigint not null,
    set_aside boolean not null,
    problem jsonb,
    result jsonb,
    flags text[] not null,
    written text,
    primary key (device_id, sha256),
    check (set_aside = (problem is not null)),
    check (set_aside = (result is null))
);
create unique index synced_record_sequence on synced_record (device_id, sequence);
create index synced_record_id on synced_record (device_id, record_id);
create index synced_record_written on synced_record (received_at) where written is not null;
create index synced_record_list on synced_record (device_id, set_aside desc, id desc);
