-- Which kept answers name the people of an item from abroad: they are forgotten when the item is withdrawn or erased.

-- Beside the table of answers, so that registrations, which it is full of, write no further index.
create table answer_of_item (
    item_number text not null,
    caller text not null,
    key text not null,
    made_at timestamptz not null default now(),
    primary key (item_number, caller, key)
);
create index answer_of_item_by_age on answer_of_item (made_at);
-- Answers of the releases before begin with the number of the item.
insert into answer_of_item (item_number, caller, key, made_at)
select encode(substring(answer from 17 for 13), 'escape'), caller, key, made_at
from request
where item_number is null and position('{"item_number":"'::bytea in answer) = 1;
