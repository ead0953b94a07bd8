-- What items sent abroad hold; items that come in from abroad, their charges, and photographs of customs papers.

create table customs_declaration (
    item_number text primary key,
    body jsonb not null,
    version integer not null default 1,
    -- Set once: what was told ahead stays told, whatever is corrected later.
    advance_data_complete_at timestamptz,
    declared_by text not null,
    declared_at timestamptz not null,
    updated_at timestamptz not null
);

create table inbound_item (
    item_number text primary key,
    origin_country text not null,
    sender_name text not null,
    addressee jsonb not null,
    -- Advance data as the post of origin sent it.
    content jsonb,
    duty_minor bigint check (duty_minor >= 0),
    fees jsonb,
    currency text,
    payment text check (payment in ('due', 'paid')),
    taking_office text not null,
    collecting_office text,
    -- Where the item lies while customs waits for papers.
    holding_office text,
    papers text check (papers in ('asked_for', 'photographed', 'forwarded')),
    papers_wanted text,
    source text not null check (source in ('itmatt', 'hand')),
    link_secret text not null,
    received_at timestamptz not null,
    taken_by text not null,
    version integer not null default 1,
    check ((duty_minor is null) = (fees is null) and (duty_minor is null) = (currency is null)
        and (duty_minor is null) = (payment is null)),
    check (papers is null or (holding_office is not null and papers_wanted is not null))
);

create table customs_paper (
    paper_id uuid primary key,
    item_number text not null references inbound_item,
    kind text not null check (kind in ('jpeg', 'png', 'pdf')),
    photo bytea not null check (octet_length(photo) <= 5242880),
    photo_sha256 bytea not null,
    office text not null,
    taken_by text not null,
    taken_at timestamptz not null,
    unique (item_number, photo_sha256)
);
