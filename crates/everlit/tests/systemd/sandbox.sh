#!/bin/sh
# Helpers: a sandbox of Meta in the container (`$sandbox`), 40-day-old tokens, and the exit code of a command.
export PATH=/usr/bin:/usr/sbin HOME=/root
mkfifo /opt/says
/opt/everlit sandbox --friendly --quiet >/opt/says &
read -r _ _ sandbox </opt/says

ends_with() {
  expected=$1 code=0
  shift
  "$@" || code=$?
  [ "$code" = "$expected" ]
}

token() {
  curl --silent --fail "$sandbox/_sandbox/tokens" --header 'content-type: application/json' \
    --data '{"kind": "instagram", "username": "shop", "age_days": 40}' | sed -n 's/.*"access_token": *"\([^"]*\)".*/\1/p'
}

# The owner changes the password.
token_dies() {
  curl --silent --fail "$sandbox/_sandbox/tokens/state" --header 'content-type: application/json' \
    --data '{"which": "shop", "state": "password_changed"}' >&2
}
