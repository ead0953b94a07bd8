-- When the people of a closed shop, one who left a shop, and the words of a request for money back were forgotten.

alter table trader add column erased_at timestamptz;
create index trader_to_erase on trader (disabled_at) where disabled_at is not null and erased_at is null;
alter table trader_member add column erased_at timestamptz;
alter table void_request add column erased_at timestamptz;
create index void_request_to_erase on void_request (coalesce(decided_at, asked_at)) where erased_at is null;
