-- What an item from abroad holds may be read off its customs form by a clerk, where its post told nothing ahead.

alter table inbound_item add column content_by_hand boolean not null default false;
