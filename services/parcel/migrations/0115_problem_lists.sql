-- The few parcels of an office or a shop that need somebody are found without a walk through all the others.

create index problem_by_office on parcel (office, registered_at desc, item_number desc)
    where state in ('held', 'attempt_failed', 'returning', 'stopped', 'lost');
create index problem_by_collecting_office on parcel (collecting_office, registered_at desc, item_number desc)
    where state in ('held', 'attempt_failed', 'returning', 'stopped', 'lost');
create index problem_by_holding_office on parcel (holding_office, registered_at desc, item_number desc)
    where state in ('held', 'attempt_failed', 'returning', 'stopped', 'lost');
create index problem_of_trader on parcel (trader_id, registered_at desc, item_number desc)
    where state in ('held', 'attempt_failed', 'returning', 'stopped', 'lost');
