-- Who took a payment back stays on record when the number of the item names another; why does not, words may name people.

create table past_undone_payment (
    item_number text not null,
    -- Of the item.
    received_at timestamptz not null,
    undone_at timestamptz not null,
    undone_by text not null,
    primary key (item_number, received_at, undone_at),
    foreign key (item_number, received_at) references past_inbound_item
);
-- What is set aside is set aside by name; nothing goes with its item unseen.
alter table undone_payment
    drop constraint undone_payment_item_number_fkey,
    add foreign key (item_number) references inbound_item;
