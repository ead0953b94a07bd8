-- Charges that were marked as paid by mistake are due again: who said so, when and why.

create table undone_payment (
    item_number text not null references inbound_item on delete cascade,
    undone_at timestamptz not null,
    undone_by text not null,
    -- Empty once the people of the item are forgotten: words may name them.
    reason text not null,
    primary key (item_number, undone_at)
);
