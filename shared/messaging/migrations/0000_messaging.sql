-- Outbox, inbox and dead letters; the same in every service's database.

create table outbox (
    created_on date not null default (now() at time zone 'utc')::date,
    id bigint generated always as identity,
    event_id uuid not null,
    topic text not null,
    key text not null,
    type text not null,
    event_time timestamptz not null,
    traceparent text not null,
    checksum text not null,
    payload bytea not null,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    primary key (created_on, id)
) partition by range (created_on);
create index outbox_unsent on outbox (id) where sent_at is null;

-- Catches rows of a day whose partition is missing, so that a late housekeeping loses nothing.
create table outbox_other partition of outbox default;

create table inbox (
    event_id uuid primary key
) partition by range (event_id);
create table inbox_other partition of inbox default;

create table dead_letter (
    id bigint generated always as identity primary key,
    topic text not null,
    partition integer not null,
    kafka_offset bigint not null,
    key text,
    type text,
    event_id uuid,
    headers jsonb not null,
    payload bytea not null,
    payload_sha256 bytea not null,
    reason text not null,
    traceparent text,
    state text not null default 'parked' check (state in ('parked', 'replaying', 'replayed', 'discarded')),
    parked_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    unique (topic, partition, kafka_offset, payload_sha256)
);
create index dead_letter_open on dead_letter (id) where state in ('parked', 'replaying');

-- The service's role has no DDL; these run with the owner's rights and do this one thing.
create function uuid_floor(moment timestamptz) returns uuid language sql immutable
set search_path = pg_catalog
as $$
    select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

create function prepare_partitions(days_ahead integer) returns integer language plpgsql security definer
set search_path = public, pg_catalog
set lock_timeout = '2s'
as $$
declare
    today date := (now() at time zone 'utc')::date;
    day date;
    made integer := 0;
begin
    for day in select today + n from generate_series(0, days_ahead) as n loop
        if to_regclass('outbox_' || to_char(day, 'YYYYMMDD')) is null then
            begin
                execute format('create table %I partition of outbox for values from (%L) to (%L)',
                    'outbox_' || to_char(day, 'YYYYMMDD'), day, day + 1);
                made := made + 1;
            exception when check_violation then null; -- the default partition holds rows of that day already
            end;
        end if;
        if extract(isodow from day) = 1 or day = today then
            day := date_trunc('week', day)::date;
            if to_regclass('inbox_' || to_char(day, 'YYYYMMDD')) is null then
                begin
                    execute format('create table %I partition of inbox for values from (%L) to (%L)',
                        'inbox_' || to_char(day, 'YYYYMMDD'),
                        uuid_floor(day::timestamp at time zone 'utc'), uuid_floor((day + 7)::timestamp at time zone 'utc'));
                    made := made + 1;
                exception when check_violation then null;
                end;
            end if;
        end if;
    end loop;
    return made;
end
$$;

create function drop_old_partitions(outbox_days integer, inbox_days integer) returns integer
language plpgsql security definer
set search_path = public, pg_catalog
set lock_timeout = '2s'
as $$
declare
    today date := (now() at time zone 'utc')::date;
    old record;
    unsent boolean;
    dropped integer := 0;
begin
    for old in
        select c.relname as name, to_date(right(c.relname, 8), 'YYYYMMDD') as day, p.relname as parent
        from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
        where p.relname in ('outbox', 'inbox') and c.relname ~ '_[0-9]{8}$'
    loop
        if old.parent = 'outbox' and old.day < today - outbox_days then
            execute format('select exists (select from %I where sent_at is null)', old.name) into unsent;
            continue when unsent;
        elsif not (old.parent = 'inbox' and old.day + 7 < today - inbox_days) then
            continue;
        end if;
        execute format('drop table %I', old.name);
        dropped := dropped + 1;
    end loop;
    delete from outbox_other where sent_at is not null and created_on < today - outbox_days;
    delete from inbox_other where event_id < uuid_floor(now() - make_interval(days => inbox_days));
    return dropped;
end
$$;

select prepare_partitions(7);
