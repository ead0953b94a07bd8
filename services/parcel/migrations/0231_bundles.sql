-- Bundles as devices got them: each names its parts by their digest, and a part that prices rest on is kept once.

create table bundle (
    bundle_id uuid primary key,
    office text not null,
    content_sha256 bytea not null,
    manifest jsonb not null,
    made_at timestamptz not null,
    given_at timestamptz not null,
    unique (office, content_sha256)
);
create index bundle_by_use on bundle (given_at);

create table bundle_part (
    sha256 bytea primary key,
    body text not null,
    given_at timestamptz not null
);
create index bundle_part_by_use on bundle_part (given_at);

-- What waits at an office and what is on its way there; a registration touches neither.
create index parcel_towards on parcel (collecting_office, registered_at desc, item_number desc)
    where state in ('in_transit', 'arrived', 'held', 'ready_for_collection', 'out_for_delivery', 'attempt_failed');
create index parcel_back on parcel (office, registered_at desc, item_number desc) where state = 'returning';
