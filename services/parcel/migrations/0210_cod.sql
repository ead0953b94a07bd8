-- What recipients paid for senders, once an item; payouts in batches; codes that were shown, and what a bank says.

create table cod_item (
    item_number text primary key,
    -- The shop whose money it is, or the item itself of a sender without one.
    holder text not null,
    trader_id uuid,
    -- Where its sender gets cash.
    office text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null check (currency in ('KHR', 'USD')),
    -- Postage that is kept back from it, in the same currency.
    kept_minor bigint not null check (kept_minor between 0 and amount_minor),
    method text not null,
    carrier text,
    collected_at timestamptz not null,
    collecting_office text not null,
    entry_id uuid not null,
    -- When the money was with the post: at once in cash, later by code and from a carrier.
    ready_at timestamptz,
    promised_on date,
    payout_id uuid,
    paid_at timestamptz
);
create index cod_item_ready on cod_item (holder, currency) where ready_at is not null and payout_id is null;
create index cod_item_owed on cod_item (method, collected_at) where ready_at is null;
create index cod_item_of_payout on cod_item (payout_id) where payout_id is not null;
create index cod_item_of_holder on cod_item (holder, collected_at, item_number);

create table cod_batch (
    batch_id uuid primary key,
    method text not null check (method in ('bank', 'bakong', 'cash')),
    currency text not null check (currency in ('KHR', 'USD')),
    proposed_by text not null,
    proposed_at timestamptz not null,
    approved_by text check (approved_by <> proposed_by),
    approved_at timestamptz,
    rejected_at timestamptz,
    paid_at timestamptz,
    check (num_nulls(approved_by, approved_at) in (0, 2)),
    check (paid_at is null or approved_at is not null)
);
create index cod_batch_by_time on cod_batch (proposed_at desc, batch_id desc);

create table cod_payout (
    payout_id uuid primary key,
    batch_id uuid not null references cod_batch,
    holder text not null,
    trader_id uuid,
    office text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null,
    items integer not null,
    promised_on date not null,
    -- Six digits against which cash is paid; none for other ways.
    code text,
    tries integer not null default 0,
    paid_at timestamptz,
    late boolean,
    -- Why it came late, until it is forgotten.
    lateness text
);
create index cod_payout_of_batch on cod_payout (batch_id, payout_id);
create index cod_payout_of_holder on cod_payout (holder, payout_id);

-- A code that a recipient was shown to pay by: shown until a bank's statement matches it.
create table khqr_code (
    item_number text primary key,
    payload text not null,
    amount_minor bigint not null,
    currency text not null,
    shown_at timestamptz not null,
    shown_by text not null,
    matched_at timestamptz,
    reference text
);

create table bank_line (
    reference text primary key,
    booked_on date not null,
    bill_number text not null,
    amount_minor bigint not null,
    currency text not null,
    read_at timestamptz not null,
    -- Why it is no code's: nobody was shown one, or another amount; none where it matched.
    trouble text
);
create index bank_line_in_trouble on bank_line (read_at, reference) where trouble is not null;
