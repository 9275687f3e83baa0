#!/usr/bin/env bash
# Prints the Secrets that the overlays refer to, with new random passwords for Redis:
#   deploy/k8s/secrets.sh | kubectl apply -f -
# With --tls the addresses are those of the component tls (rediss://). Keep what it prints as one keeps a password, or not at all:
# run it again to replace all of them, then restart Redis and the silos.
set -euo pipefail

scheme=redis
case ${1:-} in
    '') ;;
    --tls) scheme=rediss ;;
    *) echo "usage: $0 [--tls]" >&2; exit 2 ;;
esac

password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
digest() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
silo=$(password) client=$(password) admin=$(password)

# What Orleans and the stores name begins with the cluster's name, ebm, and ':' or '/'. The other key and the channel are StackExchange.Redis'.
# A client reads the table of members, and enters its first row where there is none yet.
cat << YAML
apiVersion: v1
kind: Secret
metadata:
  name: ebm-redis-users
  namespace: ebm
stringData:
  users.acl: |
    user default off
    user admin on #$(digest "$admin") ~* &* +@all
    user silo on #$(digest "$silo") ~ebm:* ~ebm/* %R~__Booksleeve_TieBreak &__Booksleeve_MasterChanged -@all +@read +@write +@connection +@transaction -@dangerous -function +eval +evalsha +script|load +script|exists +subscribe +unsubscribe +info +time +cluster|slots +cluster|nodes
    user client on #$(digest "$client") ~ebm/members/ebm %R~__Booksleeve_TieBreak &__Booksleeve_MasterChanged -@all +@connection -@dangerous +get +hgetall +hsetnx +subscribe +unsubscribe +info +cluster|slots +cluster|nodes
---
apiVersion: v1
kind: Secret
metadata:
  name: ebm-redis-admin
  namespace: ebm
stringData:
  password: $admin
---
apiVersion: v1
kind: Secret
metadata:
  name: ebm-redis-silo
  namespace: ebm
stringData:
  url: $scheme://silo:$silo@redis:6379/ebm
---
apiVersion: v1
kind: Secret
metadata:
  name: ebm-redis-client
  namespace: ebm
stringData:
  url: $scheme://client:$client@redis:6379/ebm
YAML
