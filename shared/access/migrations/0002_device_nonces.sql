-- What proofs of devices were taken under, so that none is taken twice; each is forgotten when its proof is too old.

create table device_nonce (
    device_id uuid not null,
    nonce text not null,
    taken_at timestamptz not null,
    primary key (device_id, nonce)
);
