-- A copy of parcel.directory in every service: offices, signing keys, who may act.

create table directory (
    kind text not null,
    id text not null,
    version bigint not null,
    body jsonb not null,
    primary key (kind, id)
);
