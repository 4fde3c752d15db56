#!/bin/sh
# Refuses a commit that would carry a secret. In each clone, this switches it on: git config core.hooksPath .githooks
# Made by "biotz-postman init"; docs/ci.md of biotz-postman explains it. It is yours: change what you like.

program=node_modules/.bin/biotz-postman
if [ ! -x "$program" ]; then
  echo 'pre-commit: biotz-postman is not installed here, so this commit cannot be scanned for secrets.' >&2
  echo 'pre-commit: run "npm ci" and commit again, or "git commit --no-verify" to commit without a scan.' >&2
  exit 1
fi
exec "$program" share check --staged
