-- Which papers were printed, by whom, the first time and again; and blocks whose numbers stand on stickers.

create table printed (
    item_number text not null,
    kind text not null check (kind in ('label', 'receipt', 'customs_form', 'stickers')),
    -- 1 for the first print of a kind; what follows are reprints.
    print_no integer not null check (print_no > 0),
    printed_by text not null,
    office text,
    printed_at timestamptz not null,
    primary key (item_number, kind, print_no)
);

-- Numbers of such a block are given to parcels by their stickers alone: as a supply it is used up from the start.
alter table number_block add column stickers boolean not null default false;
