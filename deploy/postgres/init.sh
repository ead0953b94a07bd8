#!/bin/sh
# Runs once, when the database server is new: three databases, an owner and a service role each.
# Passwords come from the secret files that compose mounts.
set -eu
for service in parcel tracking notifications; do
    owner_password=$(cat "/run/secrets/${service}_owner_password")
    service_password=$(cat "/run/secrets/${service}_password")
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        -v service="$service" -v owner="${service}_owner" -v role="${service}_service" \
        -v owner_password="$owner_password" -v service_password="$service_password" <<'SQL'
create role :"owner" login password :'owner_password';
create role :"role" login password :'service_password';
create database :"service" owner :"owner";
revoke connect, temporary on database :"service" from public;
grant connect on database :"service" to :"role";
\connect :"service"
alter schema public owner to :"owner";
revoke all on schema public from public;
grant usage on schema public to :"role";
alter default privileges for role :"owner" in schema public grant select, insert, update, delete on tables to :"role";
alter default privileges for role :"owner" in schema public grant usage, select on sequences to :"role";
SQL
done
