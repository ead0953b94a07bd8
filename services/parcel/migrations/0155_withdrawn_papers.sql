-- A paper that was attached by mistake is withdrawn: its bytes go, that it was there stays on record with the reason.

alter table customs_paper
    alter column photo drop not null,
    add column withdrawn_at timestamptz,
    add column withdrawn_by text,
    add column withdrawal_office text,
    add column withdrawal_reason text,
    add constraint customs_paper_withdrawn check (
        (withdrawn_at is null) = (photo is not null) and (withdrawn_at is null) = (withdrawn_by is null)
        and (withdrawn_at is null) = (withdrawal_office is null)
        and (withdrawn_at is null) = (withdrawal_reason is null));
-- The same picture may be attached again after it was withdrawn.
alter table customs_paper drop constraint customs_paper_item_number_photo_sha256_key;
create unique index customs_paper_standing on customs_paper (item_number, photo_sha256) where withdrawn_at is null;
create index customs_paper_of_item on customs_paper (item_number);
