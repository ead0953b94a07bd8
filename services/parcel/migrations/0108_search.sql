-- Words by which parcels are found. They are worked out a moment after the registration, which waits for none of them.

alter table parcel add column in_search boolean not null default false;
create index parcel_not_in_search on parcel (registered_at) where not in_search;

create table parcel_search (
    item_number text primary key,
    terms text[] not null
);
create index parcel_search_terms on parcel_search using gin (terms);
