# First enter the password in bash or zsh; neither the screen nor the history shows it:
#   IFS= read -rs BIOTZ_PASSWORD && export BIOTZ_PASSWORD
# Then: python3 token.py
import base64  # {{basic}}
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

fields = {
    "username": '{{username}}',
    "password": os.environ.get("BIOTZ_PASSWORD") or sys.exit("BIOTZ_PASSWORD is not set"),
    "grant_type": "password",
    "client_id": '{{client_id}}',
    "scope": '{{scope}}',
}
request = urllib.request.Request(
    '{{token_url}}',
    urllib.parse.urlencode(fields).encode(),
)
request.add_header("Authorization", "Basic " + base64.b64encode('{{basic}}'.encode()).decode())
try:
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code} {error.read().decode(errors='replace')}")
print(answer.get("id_token") or sys.exit("no id_token"))
