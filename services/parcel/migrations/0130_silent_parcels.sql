-- When something was last heard of a parcel: one abroad that is scanned no more has no end, and is forgotten by this.

-- Of parcels that are there already nothing is known to be older than today.
alter table parcel add column news_at timestamptz not null default now();
create index parcel_silent on parcel (news_at)
    where destination_country <> 'KH' and erased_at is null and ended_at is null;

create index practice_parcel_by_age on practice_parcel (made_at);
