# First enter the password in bash or zsh; neither the screen nor the history shows it:
#   IFS= read -rs BIOTZ_PASSWORD && export BIOTZ_PASSWORD
# printf is a shell builtin and curl reads standard input, so no command line holds the password.
: "${BIOTZ_PASSWORD:?is not set}" && printf %s "$BIOTZ_PASSWORD" |
  curl --silent --show-error --globoff \
  --user '{{basic}}' \
  --form-string username='{{username}}' \
  --form 'password=<-' \
  --form-string grant_type=password \
  --form-string client_id='{{client_id}}' \
  --form-string scope='{{scope}}' \
  '{{token_url}}'
