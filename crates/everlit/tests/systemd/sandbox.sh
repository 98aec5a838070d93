#!/bin/sh
# A Meta in the container, `$sandbox`; tokens of 40 days' age; and how a command ends.
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

# Its owner changes the password.
token_dies() {
  curl --silent --fail "$sandbox/_sandbox/tokens/state" --header 'content-type: application/json' \
    --data '{"which": "shop", "state": "password_changed"}' >&2
}
