-- What is due on items from abroad, for the messages to their addressees. Amounts name no person.

create table charges (
    item_number text primary key,
    -- Null where nothing is due, and where a release that told no amounts said that something is.
    amount_minor bigint,
    currency text,
    version integer not null
);
