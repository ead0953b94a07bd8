-- At which version the people on a parcel were forgotten: contacts of a later one are of another item under its number.
-- Null where a release forgot them that kept no version: then contacts of none are taken.

alter table erased_parcel add column version integer;
