-- An indicator may have several ranges, none of which overlaps another; they are used up in the order of their grants.

alter table number_block drop constraint number_block_indicator_fkey;
alter table number_range drop constraint number_range_pkey;
alter table number_range add column granted_no bigint generated always as identity;
alter table number_range add primary key (indicator, first_serial);
