#!/bin/sh
# Refuses a commit that contains a secret. Enable it in each clone: git config core.hooksPath .githooks
# Made by "biotz-postman init" and explained in its docs/ci.md. You may change this file.

program=node_modules/.bin/biotz-postman
if [ ! -x "$program" ]; then
  echo 'pre-commit: biotz-postman is not installed here, so this commit cannot be scanned for secrets.' >&2
  echo 'pre-commit: run "npm ci" and commit again, or "git commit --no-verify" to commit without a scan.' >&2
  exit 1
fi
exec "$program" share check --staged
