-- Practice parcels: in a table of their own, so that no question about live ones can find them.

create table practice_parcel (
    item_number text primary key,
    trader_id uuid not null,
    parcel jsonb not null,
    walk text not null,
    steps integer not null default 0,
    made_at timestamptz not null
);
create index practice_parcel_of_trader on practice_parcel (trader_id, made_at desc, item_number desc);
