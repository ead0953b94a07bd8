-- The data of shops and of the staff are read as well, and they have ids, no item numbers.
alter table personal_data_read add column subjects uuid[] not null default '{}';
create index personal_data_read_of_subject on personal_data_read using gin (subjects) where cardinality(subjects) > 0;
