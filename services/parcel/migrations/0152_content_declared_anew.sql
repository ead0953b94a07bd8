-- Content that is declared anew is told ahead anew, until the item is closed into a dispatch abroad.

-- The version that was told ahead last; what was declared later than that is still to be told.
alter table customs_declaration add column told_version integer;
update customs_declaration set told_version = version where advance_data_complete_at is not null;

create table closed_item (
    item_number text primary key,
    closed_at timestamptz not null
);
