-- Whether the posting told that the parcel is to be brought to the door; none for scans that are no posting. Beside the
-- posting and not in it, for an earlier release reads that as it knows it.
alter table scan add column door_delivery boolean;
