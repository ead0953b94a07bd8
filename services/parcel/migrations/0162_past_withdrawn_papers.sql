-- Which papers were withdrawn, by whom and when, stays on record when the number of their item names another, and when its
-- people are forgotten; why they were does not, words may name people.

create table past_withdrawn_paper (
    paper_id uuid primary key,
    item_number text not null,
    -- Of the item.
    received_at timestamptz not null,
    office text not null,
    taken_by text not null,
    taken_at timestamptz not null,
    withdrawn_by text not null,
    withdrawal_office text not null,
    withdrawn_at timestamptz not null,
    foreign key (item_number, received_at) references past_inbound_item
);
