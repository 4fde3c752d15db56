/** A password or passphrase may consist of spaces. */
const secrets = new Set(['BIOTZ_PASSWORD', 'BIOTZ_AGE_PASSPHRASE', 'BIOTZ_KEY_PASSPHRASE']);

/** git and the programs that it starts read these themselves: an empty GIT_CONFIG_GLOBAL means no file at all. */
const isForGit = /^(?:GIT|SSH|GCM)_/i;

/**
 * Removes empty variables from the environment, so that an empty variable is an unset one for every reader: this
 * program, its threads and its libraries. CI systems hand over unset variables as empty ones. Our own variables
 * count as empty if they hold nothing but whitespace.
 *
 * @param environment the process's variables, which are changed
 */
export function removeEmptyVariables(environment: NodeJS.ProcessEnv): void {
  for (const [name, value = ''] of Object.entries(environment)) {
    const isOurs = /^(?:BIOTZ|POSTMAN)_/i.test(name) && !secrets.has(name.toUpperCase());
    if ((isOurs ? value.trim() : value) === '' && !isForGit.test(name)) delete environment[name];
  }
}
