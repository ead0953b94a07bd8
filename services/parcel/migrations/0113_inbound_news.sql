-- When something was last heard of an item from abroad: one that is never scanned has no end, and is forgotten by this.

-- Of items that are there already nothing is known to be older than today.
alter table inbound_item add column news_at timestamptz not null default now();
drop index inbound_item_to_erase;
create index inbound_item_to_erase on inbound_item (coalesce(ended_at, news_at)) where erased_at is null;
