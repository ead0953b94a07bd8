-- Where an item from abroad waits by what the office told that had word of it from the post of origin, beside a clerk's word.

alter table inbound_item add column told_collecting_office text;
-- Where the post alone told an item, it waits where it was told; of the others a release before kept a clerk's word alone.
update inbound_item set told_collecting_office = collecting_office where not addressee_by_hand and told_office is not null;
