-- Files of parcels to announce: what was uploaded, the rows that were read from it, and what is wrong with them.

create table draft_import (
    import_id uuid primary key,
    trader_id uuid not null,
    office text not null,
    file_name text not null,
    -- Who sends all of them, and what holds where a row is silent.
    defaults jsonb not null,
    made_by text not null,
    made_at timestamptz not null,
    changed_at timestamptz not null,
    state text not null default 'uploading' check (
        state in ('uploading', 'reading', 'checking', 'ready', 'importing', 'done', 'refused', 'withdrawn')
    ),
    -- Of one that is read at this moment: another process may take over from then on.
    leased_until timestamptz,
    pieces integer,
    header text[],
    mapping jsonb,
    rows_read integer not null default 0,
    portions_done integer not null default 0,
    rows_done integer not null default 0,
    announced integer not null default 0,
    known integer not null default 0,
    refused integer not null default 0,
    refusal text,
    -- Of the drafts that came of it, a thousand a sack.
    sack_ids uuid[] not null default '{}'
);
create index draft_import_of_trader on draft_import (trader_id, made_at desc, import_id desc);
create index draft_import_to_do on draft_import (changed_at) where state in ('reading', 'checking', 'importing');
create index draft_import_to_forget on draft_import (changed_at);

-- A piece of the file as it came, or a portion of the rows that were read from it; gone when it is done.
create table import_piece (
    import_id uuid not null references draft_import on delete cascade,
    kind text not null check (kind in ('file', 'rows')),
    piece_no integer not null check (piece_no > 0),
    content bytea not null,
    primary key (import_id, kind, piece_no)
);

create table import_problem (
    import_id uuid not null references draft_import on delete cascade,
    row_no integer not null,
    field text not null,
    code text not null,
    message text not null,
    primary key (import_id, row_no, field, code)
);
