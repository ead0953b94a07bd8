-- Parcels whose people were forgotten: contacts that are told again, late or after a loss, are not taken.

create table erased_parcel (
    item_number text primary key,
    erased_at timestamptz not null
);
create index erased_parcel_by_age on erased_parcel (erased_at);
