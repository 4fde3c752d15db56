# First enter the password; neither the screen nor the history shows it:
# A form-data body requires PowerShell 6.1 or newer.
#   $env:BIOTZ_PASSWORD = [Net.NetworkCredential]::new('', (Read-Host -AsSecureString 'Password')).Password
$request = @{
  Method = 'Post'
  Uri = '{{token_url}}'
  MaximumRedirection = 0
  Headers = @{ Authorization = 'Basic ' + [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('{{basic}}')) }
  Form = @{
    username = '{{username}}'
    password = $env:BIOTZ_PASSWORD
    grant_type = 'password'
    client_id = '{{client_id}}'
    scope = '{{scope}}'
  }
}
if ($env:BIOTZ_PASSWORD) { (Invoke-RestMethod @request).id_token } else { throw 'BIOTZ_PASSWORD is not set' }
