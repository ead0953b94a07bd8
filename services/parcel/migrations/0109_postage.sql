-- What a parcel's carriage costs, who pays it, what is insured and collected; older parcels have none.
alter table parcel add column postage jsonb;
