-- Enquiries about items, what holders say, and what is proposed, decided and paid for them.

-- The last office that had a parcel: its news from abroad name none. Older parcels have it from their next news on.
alter table parcel add column last_office text;

create table item_claim (
    claim_id uuid primary key,
    item_number text not null,
    ground text not null check (ground in ('loss', 'damage', 'theft', 'return')),
    claimant text not null check (claimant in ('sender', 'recipient', 'shop')),
    office text not null,
    trader_id uuid,
    is_international boolean not null,
    opened_by text not null,
    opened_at timestamptz not null,
    terms_version text not null,
    answer_by date not null,
    settle_by date not null,
    -- Who is asked now: an office, or the post of a country.
    holder_office text,
    holder_country text,
    asked_before text[] not null,
    state text not null,
    outcome text check (outcome in ('compensation', 'refusal')),
    content_minor bigint check (content_minor between 0 and cap_minor),
    postage_minor bigint check (postage_minor >= 0),
    cap_minor bigint,
    currency text check (currency in ('KHR', 'USD')),
    riel_per_usd integer,
    table_version text,
    proposed_by text,
    decided_by text check (decided_by <> proposed_by),
    method text check (method in ('cash', 'bank')),
    entry_id uuid,
    paid_at timestamptz,
    closed_at timestamptz,
    check (num_nonnulls(holder_office, holder_country) = 1),
    check (num_nulls(content_minor, postage_minor, cap_minor, currency, table_version) in (0, 5)),
    check (num_nulls(method, entry_id, paid_at) in (0, 3)),
    check (paid_at is null or decided_by is not null)
);
-- One open claim an item, also when two ask at the same moment.
create unique index item_claim_open on item_claim (item_number) where closed_at is null;
create index item_claim_of_item on item_claim (item_number, opened_at);
create index item_claim_by_time on item_claim (opened_at, claim_id);
create index item_claim_of_shop on item_claim (trader_id, opened_at, claim_id) where trader_id is not null;
create index item_claim_overdue on item_claim (answer_by) where state = 'enquired';

create table claim_step (
    claim_id uuid not null references item_claim,
    step_no integer not null,
    state text not null,
    reason text not null,
    by text not null,
    at timestamptz not null,
    office text,
    handed_to text,
    handed_to_code text,
    -- They may name people, and are forgotten in their time.
    words text,
    primary key (claim_id, step_no)
);
create index claim_step_with_words on claim_step (at) where words is not null;
