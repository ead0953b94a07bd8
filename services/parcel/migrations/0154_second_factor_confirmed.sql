-- A secret that was enrolled, sealed, until its first code takes it into use.
alter table staff add column totp_enrolled bytea;
