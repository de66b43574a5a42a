#!/bin/sh
# Uses a deployment as a new user does, through its issuer, and leaves nothing behind:
#
#   smoke.sh ISSUER [ORIGIN]
#
# It registers an account, logs in, refreshes, calls the API and deletes the account again, also when a step fails. Where registration is
# closed it says so and goes no further. With ORIGIN it asks what a browser asks before a page of that origin may call the API.
# It needs curl and jq.
set -eu
umask 077

issuer=${1:?usage: smoke.sh ISSUER [ORIGIN]}
origin=${2:-}
directory=$(mktemp -d)
name=smoke-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
# As many digits as MinPasswordLength may ask for.
password=$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')
registered=

# Sends a request and keeps the answer: METHOD PATH STATUSES [TOKEN], with a JSON body as standard input where the method has one.
# Secrets are arguments of the shell's own printf alone: every user of the machine sees those of a program.
send() {
  printf 'header = "Accept: application/json"\n' > "$directory/options"
  if [ -n "${4:-}" ]; then
    printf 'header = "Authorization: Bearer %s"\n' "$4" >> "$directory/options"
  fi
  if [ "$1" = POST ]; then
    cat > "$directory/body"
    printf 'header = "Content-Type: application/json"\ndata = "@%s"\n' "$directory/body" >> "$directory/options"
  fi
  status=$(curl --silent --show-error --max-time 30 --config "$directory/options" --request "$1" \
    --output "$directory/answer" --write-out '%{http_code}' "$issuer$2")
  for expected in $3; do
    if [ "$status" = "$expected" ]; then
      echo "$1 $2 $status"
      return
    fi
  done
  echo "$1 $2 was answered with $status and not with $3: $(jq -r '.detail // .message // empty' "$directory/answer" 2> /dev/null)" >&2
  return 1
}

answer() {
  jq -er "$1" "$directory/answer"
}

# Holds the answer to a condition: FILTER MESSAGE.
check() {
  if ! jq -e "$1" "$directory/answer" > /dev/null; then
    echo "$2" >&2
    return 1
  fi
}

# Hexadecimal digits need no escape.
credentials() {
  printf '{"username": "%s", "password": "%s"}' "$name" "$password"
}

log_in() {
  credentials > "$directory/credentials"
  send POST /login "$1" < "$directory/credentials"
}

# An account is deleted soon after a login alone, so it logs in again.
delete() {
  log_in 200 && token=$(answer .access_token) && send DELETE /me 204 "$token" && registered=
}

# What the answer to the preflight allows: origin, methods or headers.
allowed() {
  printf '%s\n' "$preflight" | sed -n "s/^access-control-allow-$1: *//p" | tr -d ' '
}

finish() {
  result=$?
  trap - EXIT
  if [ -n "$registered" ] && ! delete; then
    echo "the account $name may remain: delete it with latchkey users delete $name" >&2
    result=1
  fi
  rm -rf "$directory"
  exit "$result"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

send GET / 200
check '.name == "Latchkey"' "$issuer is another service"
send GET /.well-known/openid-configuration 200
found=$(answer .issuer)
if [ "$found" != "$issuer" ]; then
  echo "the issuer is $found and not $issuer" >&2
  exit 1
fi
send GET /.well-known/jwks.json 200
check '.keys | length > 0' "there is no key that verifies tokens"

if [ -n "$origin" ]; then
  preflight=$(curl --silent --show-error --max-time 30 --request OPTIONS --output "$directory/answer" \
    --dump-header - --header "Origin: $origin" --header 'Access-Control-Request-Method: DELETE' \
    --header 'Access-Control-Request-Headers: authorization' "$issuer/me" | tr -d '\r' | tr '[:upper:]' '[:lower:]')
  if [ "$(allowed origin)" != "$(printf %s "$origin" | tr '[:upper:]' '[:lower:]')" ]; then
    echo "pages of $origin may not call the API" >&2
    exit 1
  fi
  case ",$(allowed methods),:,$(allowed headers)," in
    *,delete,*:*,authorization,*) ;;
    *)
      echo "pages of $origin may call the API, but not with DELETE and Authorization" >&2
      exit 1
      ;;
  esac
  echo "OPTIONS /me for $origin"
fi

credentials > "$directory/credentials"
# Before the request, whose answer may be lost.
registered=yes
send POST /register '201 400 403' < "$directory/credentials"
if [ "$status" = 400 ]; then
  registered=
  check '.errors | map(.detail) | contains(["is chosen at /register/confirm"])' "POST /register was answered with 400, and not since accounts are made by mail"
  echo "accounts are made by mail: nobody has logged in"
  exit
fi
if [ "$status" = 403 ]; then
  registered=
  # What stands in front of the API may refuse a request too.
  check '.detail == "Registration is closed"' "POST /register was answered with 403, and not since registration is closed"
  echo "registration is closed: nobody has logged in"
  exit
fi
log_in 200
token=$(answer .access_token)
jq -e '{refresh_token: (.refresh_token | strings)}' "$directory/answer" > "$directory/refresh"
send GET /protected 200 "$token"
send POST /refresh 200 < "$directory/refresh"
token=$(answer .access_token)
send GET /protected 200 "$token"
found=$(answer .user.username)
if [ "$found" != "$name" ]; then
  echo "the account is $found and not $name" >&2
  exit 1
fi
delete
send GET /protected 401 "$token"
log_in 401
echo "the deployment works"
