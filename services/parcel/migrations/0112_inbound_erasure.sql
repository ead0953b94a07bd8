-- How far the journey of an item from abroad is, when it ended, and when its people were forgotten.

alter table inbound_item add column moved_journey_no integer not null default 0;
alter table inbound_item add column moved_version integer not null default 0;
alter table inbound_item add column ended_at timestamptz;
alter table inbound_item add column erased_at timestamptz;
create index inbound_item_to_erase on inbound_item (ended_at) where erased_at is null and ended_at is not null;
