-- Items from abroad whose numbers came back after their time and name others now; nothing of them names a person.

create table past_inbound_item (
    item_number text not null,
    received_at timestamptz not null,
    set_aside_at timestamptz not null,
    origin_country text not null,
    source text not null,
    taking_office text not null,
    collecting_office text,
    duty_minor bigint,
    fees jsonb,
    currency text,
    payment text,
    taken_by text not null,
    ended_at timestamptz,
    version integer not null,
    primary key (item_number, received_at)
);
