-- What is known of a number from abroad by its post and by tracking stays with it when a mistaken item is withdrawn.

alter table inbound_item
    -- The office that told what the post of origin says; null where none did, or a release before took it.
    add column told_office text,
    -- Where tracking last saw it; holding_office is also whoever asked for papers.
    add column moved_office text;
update inbound_item set moved_office = holding_office where state is not null;
