# First enter the password in bash or zsh; neither the screen nor the history shows it:
#   IFS= read -rs BIOTZ_PASSWORD && export BIOTZ_PASSWORD
# printf is a shell builtin and HTTPie reads standard input, so no command line holds the password.
: "${BIOTZ_PASSWORD:?is not set}" && printf %s "$BIOTZ_PASSWORD" |
  http --ignore-stdin --form \
  --auth '{{basic}}' \
  POST '{{token_url}}' \
  username='{{username}}' \
  password=@/dev/stdin \
  grant_type=password \
  client_id='{{client_id}}' \
  scope='{{scope}}'
