-- When the people in a declaration and on an item from abroad were forgotten.

alter table inbound_item add column erased_at timestamptz;
create index inbound_item_to_erase on inbound_item (received_at) where erased_at is null;
alter table customs_declaration add column erased_at timestamptz;
create index customs_declaration_to_erase on customs_declaration (updated_at) where erased_at is null;
