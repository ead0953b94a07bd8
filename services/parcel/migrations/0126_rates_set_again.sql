-- A rate set again for the same day stays on record: which it was, who set it and when.
alter table exchange_rate add column version integer not null default 1;

create table exchange_rate_replaced (
    day date not null,
    version integer not null,
    riel_per_usd integer not null,
    set_by text not null,
    set_at timestamptz not null,
    primary key (day, version)
);
