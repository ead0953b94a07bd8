-- A number from abroad comes again for another item: what was due on the one before it is not due on this one.

-- When parcel told it. What is known already was told before now.
alter table clearance add column charges_told_at timestamptz not null default now();
