-- The ledger of each office: entries of two sides, linked by their digests, which nobody changes or takes away.

-- The last entry of each office; whoever adds one holds this row.
create table ledger_chain (
    office text primary key,
    sequence bigint not null,
    sha256 bytea not null
);

create table ledger_entry (
    office text not null,
    sequence bigint not null check (sequence > 0),
    entry_id uuid not null unique,
    kind text not null,
    -- The one command, scan, event or record that it was made for.
    cause_kind text not null,
    cause_id text not null,
    recorded_by text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    device text,
    drawer_id uuid,
    item_numbers text[] not null,
    riel_per_usd integer,
    corrects uuid,
    flags text[] not null,
    words_sha256 bytea,
    previous_sha256 bytea not null,
    sha256 bytea not null,
    primary key (office, sequence),
    unique (cause_kind, cause_id)
);
create index ledger_entry_of_drawer on ledger_entry (drawer_id, sequence) where drawer_id is not null;
create index ledger_entry_of_day on ledger_entry (office, recorded_at);
create index ledger_entry_of_item on ledger_entry using gin (item_numbers);
-- What was corrected is corrected by one entry; that one may be corrected in turn.
create unique index ledger_entry_corrected on ledger_entry (corrects) where corrects is not null;

create table ledger_posting (
    office text not null,
    sequence bigint not null,
    place smallint not null,
    account text not null,
    holder text not null,
    unit text not null,
    quantity bigint not null check (quantity <> 0),
    primary key (office, sequence, place),
    foreign key (office, sequence) references ledger_entry
);

create function refuse_change_of_ledger() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: correct an entry by another one' using errcode = 'insufficient_privilege';
end
$$;
create trigger ledger_entry_stays before update or delete or truncate on ledger_entry
    for each statement execute function refuse_change_of_ledger();
create trigger ledger_posting_stays before update or delete or truncate on ledger_posting
    for each statement execute function refuse_change_of_ledger();
do $$
declare
    table_name regclass;
    role_name regrole;
begin
    foreach table_name in array array['ledger_entry'::regclass, 'ledger_posting'::regclass] loop
        for role_name in
            select distinct granted.grantee::regrole from pg_class cross join aclexplode(relacl) as granted
            where pg_class.oid = table_name and granted.grantee not in (0, relowner)
        loop
            execute format('revoke update, delete, truncate on %s from %s', table_name, role_name);
        end loop;
    end loop;
end
$$;

-- What the postings of an account add up to; made with them, and held against them when the ledger is verified.
create table ledger_balance (
    office text not null,
    account text not null,
    holder text not null,
    unit text not null,
    quantity bigint not null,
    primary key (office, account, holder, unit)
);

-- Words beside an entry, which has their salted digest: they may name people, and are forgotten in their time.
create table ledger_words (
    entry_id uuid primary key,
    salt bytea not null,
    words text not null,
    kept_at timestamptz not null
);
create index ledger_words_by_age on ledger_words (kept_at);

-- One clerk's drawer from its opening to its closing.
create table cash_drawer (
    drawer_id uuid primary key,
    office text not null,
    staff text not null,
    device text,
    opened_at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    -- What was counted, with the notes where somebody told them.
    counted jsonb,
    closing_entry_id uuid,
    confirmed_at timestamptz,
    confirmed_by text check (confirmed_by <> staff),
    check (num_nulls(closed_at, closed_by, counted, closing_entry_id) in (0, 4)),
    check (num_nulls(confirmed_at, confirmed_by) in (0, 2)),
    check (confirmed_at is null or closed_at is not null)
);
create index cash_drawer_of_office on cash_drawer (office, opened_at desc, drawer_id desc);
create index cash_drawer_open on cash_drawer (office, staff) where closed_at is null;

-- Cash on its way between two offices.
create table cash_transfer (
    transfer_id uuid primary key,
    from_office text not null,
    to_office text not null check (to_office <> from_office),
    -- A list of amounts.
    sent jsonb not null,
    sent_at timestamptz not null,
    sent_by text not null,
    received jsonb,
    received_at timestamptz,
    received_by text,
    check (num_nulls(received, received_at, received_by) in (0, 3))
);
create index cash_transfer_under_way on cash_transfer (to_office, sent_at) where received_at is null;
create index cash_transfer_sent on cash_transfer (from_office, sent_at);

-- What was paid for an item, once for each purpose.
create table paid_item (
    item_number text not null,
    purpose text not null,
    entry_id uuid not null,
    primary key (item_number, purpose)
);
create index paid_item_by_entry on paid_item (entry_id);

-- The clerk whose entry was corrected has seen it.
create table seen_correction (
    entry_id uuid primary key,
    seen_by text not null,
    seen_at timestamptz not null
);
