-- Items from abroad stand in lists, by how far they are, and are found by name and phone of their addressees.

alter table inbound_item
    -- As tracking tells it; null until somebody scans the item.
    add column state text,
    -- Words by which the addressee is found; null until they are worked out, a moment later.
    add column terms text[];

create index inbound_item_terms on inbound_item using gin (terms);
-- Words that a release before left on an item that it erased are to go as well.
create index inbound_item_words_to_write on inbound_item (received_at)
    where terms is null or (erased_at is not null and terms <> '{}');
create index inbound_item_by_time on inbound_item (received_at desc, item_number desc);
create index inbound_item_by_phone on inbound_item ((addressee ->> 'phone'), received_at desc, item_number desc);
create index inbound_item_by_taking_office on inbound_item (taking_office, received_at desc, item_number desc);
create index inbound_item_by_collecting_office on inbound_item (collecting_office, received_at desc, item_number desc)
    where collecting_office is not null;
create index inbound_item_by_holding_office on inbound_item (holding_office, received_at desc, item_number desc)
    where holding_office is not null;
