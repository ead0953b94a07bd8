-- Auditors ask whose data a member of staff read, the last first.
create index personal_data_read_by on personal_data_read (actor, read_id desc);
