-- Whether a counter said that what it did not measure is within the limits of size, and what the sender wants of a
-- parcel that cannot be delivered. Nobody was asked before: older parcels say no, and go back as their papers said.
alter table parcel
    add column fits_limits boolean not null default false,
    add column if_undeliverable text not null default 'return',
    add column redirect_to text;
