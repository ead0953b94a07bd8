-- What a dollar is worth by the day, and money that somebody asks to give back.

create table exchange_rate (
    day date primary key,
    riel_per_usd integer not null check (riel_per_usd > 0),
    set_by text not null,
    set_at timestamptz not null
);

create table void_request (
    request_id uuid primary key,
    item_number text not null,
    office text not null,
    kind text not null check (kind in ('void', 'refund')),
    -- Whole riel or cents; nothing was paid yet for a parcel that its recipient would have paid.
    amount_minor bigint not null check (amount_minor >= 0),
    currency text not null check (currency in ('KHR', 'USD')),
    reason text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    decided_by text check (decided_by <> asked_by),
    decided_at timestamptz,
    decision text check (decision in ('granted', 'refused')),
    note text,
    check (num_nulls(decided_by, decided_at, decision) in (0, 3))
);
-- One open request a parcel, also when two ask at the same moment.
create unique index void_request_open on void_request (item_number) where decision is null;
create index void_request_of_item on void_request (item_number);
create index void_request_waiting on void_request (office, asked_at) where decision is null;
