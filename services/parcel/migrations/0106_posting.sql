-- Who of the staff read whose data; parcels that need somebody; a shop's own parcels.

create table personal_data_read (
    read_id bigint generated always as identity primary key,
    read_at timestamptz not null default now(),
    actor text not null,
    office text,
    what text not null,
    item_numbers text[] not null
);
create index personal_data_read_of on personal_data_read using gin (item_numbers);

alter table parcel add column trader_id uuid;
create index parcel_of_trader on parcel (trader_id, registered_at desc, item_number desc) where trader_id is not null;

create index parcel_with_problem on parcel (registered_at desc, item_number desc)
    where state in ('held', 'attempt_failed', 'returning', 'stopped', 'lost');

-- When the journey ended, and when the people on the parcel were forgotten.
alter table parcel add column ended_at timestamptz;
alter table parcel add column erased_at timestamptz;
create index parcel_to_erase on parcel (ended_at) where erased_at is null and ended_at is not null;
