-- What goes abroad may be declared anew: which declaration was complete last. Of those known before, none is told.

alter table clearance add column advance_data_version integer not null default 0;
