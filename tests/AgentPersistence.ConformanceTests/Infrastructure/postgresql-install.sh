#!/bin/sh
# Installs PostgreSQL's server programs on a Debian-like machine that has none.
set -eu
export DEBIAN_FRONTEND=noninteractive
options='-qq -y --no-install-recommends -o DPkg::Lock::Timeout=300'

echo 'PostgreSQL is not installed: installing the package postgresql with apt-get' >&2
apt-get -qq update >&2 || echo 'apt-get update failed: going on with the package lists that are here' >&2
# shellcheck disable=SC2086
apt-get install $options postgresql-common >&2
# The server's package would otherwise start a server of its own on port 5432.
pg_conftool /etc/postgresql-common/createcluster.conf set create_main_cluster false >&2
# shellcheck disable=SC2086
apt-get install $options postgresql >&2
