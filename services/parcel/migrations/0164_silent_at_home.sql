-- A parcel that stays here and is scanned no more has no end either: it is forgotten after its last news, as one abroad is.

drop index parcel_silent;
create index parcel_without_end on parcel (news_at) where erased_at is null and ended_at is null;
