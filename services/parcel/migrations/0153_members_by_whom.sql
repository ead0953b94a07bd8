-- Owners see who let whom act for their shop, and who removed them; null of the time before.
alter table trader_member add column added_by text;
alter table trader_member add column disabled_by text;
-- E.164; with it nobody lets themselves act for a shop.
alter table staff add column phone text;
