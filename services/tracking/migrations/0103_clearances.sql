-- What the parcel service told of items at the border: without it some are not closed into a dispatch or handed over.

create table clearance (
    item_number text primary key,
    advance_data_completed_at timestamptz,
    charges text check (charges in ('due', 'paid')),
    -- Of the event that told it: an older one changes nothing.
    charges_version integer not null default 0
);

-- Until now nobody heard that advance data were complete: what was registered for abroad and is on its way may go on.
insert into clearance (item_number, advance_data_completed_at)
select distinct item_number, now() from journey where destination_country <> 'KH' and ended_at is null;
