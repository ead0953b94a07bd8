-- A hand-over carries what was paid; what is due on an item of ours is known from its registration.

-- Null in all scans but those, so an earlier release need not know it.
alter table scan add column payment jsonb;

alter table clearance
    add column cod_minor bigint not null default 0,
    add column cod_currency text not null default 'KHR',
    add column postage_due_riel bigint not null default 0,
    -- Of the registration that told it: a number that comes again is another item.
    add column due_since timestamptz,
    -- When parcel told that it is booked as paid.
    add column paid_at timestamptz;
