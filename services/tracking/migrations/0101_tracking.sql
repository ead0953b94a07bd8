-- Scans, the log that is never rewritten, and journeys, what the scans add up to. Every key begins with the item number.

-- The key leaves the journey out: to which journey a scan belongs follows from all scans of its number, and a scan sent
-- again long afterwards is still known.
create table scan (
    item_number text not null,
    scan_id uuid not null,
    event_code text not null,
    occurred_at timestamptz not null,
    device_time timestamptz not null,
    drift_ms bigint not null,
    received_at timestamptz not null,
    office text,
    device text,
    device_sequence bigint not null,
    next_office text,
    reason text,
    action text,
    retention_reason text,
    collect_by date,
    actor text,
    source text not null,
    posting jsonb,
    primary key (item_number, scan_id)
);

-- The fill factor leaves room for the next states of a journey on its own page.
create table journey (
    item_number text not null,
    journey_no integer not null,
    version integer not null,
    state text not null,
    states_told text[] not null,
    opened_at timestamptz not null,
    ended_at timestamptz,
    last_scan_id uuid,
    last_event_code text,
    last_office text,
    last_occurred_at timestamptz,
    registered boolean not null,
    office_of_posting text,
    collecting_office text,
    destination_country text,
    service text,
    weight_g integer,
    link_secret_sha256 text,
    primary key (item_number, journey_no)
) with (fillfactor = 70);
