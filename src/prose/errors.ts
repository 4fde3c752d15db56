import type { ErrorArgs, ErrorCode } from '../error-args.js';
import { identityProblems, recipientProblems } from './keys.js';
import { postmanErrorProse } from './postman-errors.js';
import type { Prose } from './prose.js';
import { reasonProse } from './reasons.js';

/** A longer list is for nobody to read. */
const MOST_NAMED = 20;

const list = (items: readonly (string | number)[]) => items.join(', ');

const placed = (file: string, line: number | undefined) => (line === undefined ? file : `${file}:${line}`);

const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'Check that it exists, then run the command again.',
  EACCES: 'Check its permissions, then run the command again.',
  EPERM: 'Check its permissions, then run the command again.',
  EROFS: 'Choose a place that can be written to.',
  ENOSPC: 'Make room on the disk, then run the command again.',
  EDQUOT: 'Make room on the disk, then run the command again.',
  EMFILE: 'Raise the number of open files (ulimit -n), then run the command again.',
  ENFILE: 'Close other programs, then run the command again.',
  ENOMEM: 'Close other programs, then run the command again.',
  EAGAIN: 'Raise the number of processes (ulimit -u), or close other programs.',
};

/** The sentences of every error code. */
export const errorProse: { readonly [C in ErrorCode]: (args: ErrorArgs[C]) => Prose } = {
  CREDENTIALS_INVALID: ({ diagnostics }) => {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    return {
      reason: `The credentials file has ${errors === 1 ? 'one error' : `${errors} errors`}; nothing was sent or written.`,
      next: 'Correct what is named above and try again.',
    };
  },
  CREDENTIALS_CHANGED: ({ file }) => ({
    reason: `${file} was changed while it was being read.`,
    next: 'Let whatever writes it finish, then run the command again.',
  }),
  IDENTITY_INVALID: ({ from, line, problem }) => ({
    reason: `${placed(from, line)} is no age identity that can be used: ${identityProblems[problem].reason}.`,
    next: identityProblems[problem].next,
  }),
  KEY_FILE_NOT_READABLE: ({ option, file, reason }) => ({
    reason: `${option} names ${file}, which cannot be read (${reason}).`,
    next: 'Check its path, that it is a file, and that you may read it.',
  }),
  RECIPIENT_INVALID: ({ from, line, problem }) => ({
    reason: `${placed(from, line)} ${recipientProblems[problem].reason}.`,
    next: recipientProblems[problem].next,
  }),
  // The name is not repeated: it may be a password that was given in the wrong place.
  DEVICE_NOT_FOUND: ({ file, positions }) => ({
    reason: `--device${positions === undefined ? '' : ` (number ${list(positions)})`} names no created device of ${file}.`,
    next: 'Names are compared exactly; "biotz-postman check" lists how many devices the file has.',
  }),
  DEVICE_AMBIGUOUS: ({ device, lines }) => ({
    reason: `"${device}" is the name of several devices (lines ${list(lines)}).`,
    next: 'Name the one you mean by its device id.',
  }),
  OPTION_INVALID: ({ option, problem, next }) => ({
    reason: `${option} ${problem}.`,
    next: next ?? 'Run the command with --help to see what it takes.',
  }),
  URL_INSECURE: ({ option, url }) => ({
    reason: `${option} is ${url}: credentials would travel unencrypted to a host that is not this machine.`,
    next: 'Use an https:// address, or add --insecure if you accept that anyone on the way can read them.',
  }),
  URL_INVALID: ({ option }) => ({
    reason: `${option} is not an http:// or https:// address.`,
    next: 'Write it whole, for example https://auth.example.org/realms/my-realm/protocol/openid-connect/token.',
  }),
  CONFIG_INVALID: ({ file, problem }) => ({
    reason: `${file}: ${problem}.`,
    next: 'Correct the config file, or give the option on the command line.',
  }),
  TEMPLATE_INVALID: ({ file, problem }) => ({
    reason: `${file}: ${problem}.`,
    next: 'Compare it with the template that comes with biotz-postman; docs/templates.md names every part.',
  }),
  COLLECTION_INVALID: ({ file, problem, next }) => ({
    reason: `${file}: ${problem}.`,
    next:
      next ?? 'Export it from Postman as "Collection v2.1", or make it again with "biotz-postman generate".',
  }),
  ENVIRONMENT_INVALID: ({ file, problem, next }) => ({
    reason: `${file}: ${problem}.`,
    next: next ?? 'Export the environment from Postman, or make it again with "biotz-postman generate".',
  }),
  OPENAPI_INVALID: ({ file, line, column, problem, next }) => ({
    reason: `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${problem}; nothing was written.`,
    next:
      next ??
      'Give an OpenAPI 3.0 or 3.1 or Swagger 2.0 document, in JSON or YAML; docs/openapi.md says what it may have.',
  }),
  REQUEST_NOT_FOUND: ({ known }) => ({
    reason: 'The collection has no request or folder with the requested name or id.',
    next: `It has: ${list(known)}.`,
  }),
  OUTPUT_CHANGED: ({ files }) => ({
    reason: `Not written, because somebody changed what is there: ${list(files)}.`,
    next: 'Keep your changes by choosing another folder with --out, or replace them with --force.',
  }),
  OUTPUT_BLOCKED: ({ file, problem }) => ({
    reason: `${file} was not written: ${problem}. Nothing was changed.`,
    next: 'See to what is there, then run the command again.',
  }),
  OUTPUT_NOT_WRITTEN: ({ file, reason, next }) => ({
    reason: `${file} could not be written (${reason})${next === undefined ? '; what was there before is untouched' : ''}.`,
    next:
      next ??
      (reason === 'ELOOP'
        ? 'A symbolic link is in the way, and none is followed: remove it, or name the place that it leads to.'
        : 'Check that the folder exists, that you may write to it and that the disk has room.'),
  }),
  FOLDER_IN_USE: ({ folder, lock, holder }) => {
    if (holder === undefined) {
      return {
        reason: `${lock} is not a lock of biotz-postman. Whether ${folder} is in use cannot be checked.`,
        next: `Delete ${lock} if you do not need it, or pass a different --report-dir.`,
      };
    }
    const who = `process ${holder.pid} on ${holder.host}`;
    return holder.isAlive
      ? {
          reason: `${folder} is in use: another run (${who}) writes to it.`,
          next: 'Wait until that run ends, or pass a different --report-dir.',
        }
      : {
          reason: `${folder} is locked by another run (${who}). Whether it still runs cannot be checked from here.`,
          next: `If that run has ended, delete ${lock} and try again. Otherwise wait, or pass a different --report-dir.`,
        };
  },
  SYSTEM_REFUSED: ({ call, reason, file }) =>
    call === 'uv_cwd'
      ? {
          reason: `The working folder cannot be read (${reason}).`,
          next: 'It may have been deleted: change to a folder that exists, then run the command again.',
        }
      : {
          reason: `The system refused the call "${call}"${file === undefined ? '' : ` for ${file}`} (${reason}).`,
          next:
            remedies[reason] ?? 'Fix that, then run the command again; --verbose shows where it happened.',
        },
  OUTPUT_NOT_IGNORED: ({ option, file, tracked, workTree, rule }) => ({
    reason: tracked
      ? `Not written, because git would take the secrets along: it tracks ${file} (${option}).`
      : `Not written, because git would take the secrets along: ${file} (${option}) is in the work tree ${workTree}, which does not ignore it.`,
    next: tracked
      ? `Take it out of the index (git rm --cached -r), add the line ${rule} to ${workTree}/.gitignore, and change the passwords that were committed.`
      : `Add the line ${rule} to ${workTree}/.gitignore, or choose a place outside.`,
  }),
  JOURNAL_MISSING: ({ file }) => ({
    reason: `There is no journal at ${file}.`,
    next: 'Check the path; a run that has not begun yet is started without --resume.',
  }),
  JOURNAL_INVALID: ({ file, line, problem }) => ({
    reason: `${line === undefined ? file : `${file}:${line}`} is not a journal that can be used: ${problem}.`,
    next: 'Give it as the run left it. Where that is lost, run again without --resume.',
  }),
  JOURNAL_FOREIGN: ({ file, differs, than }) => ({
    reason: `${file} belongs to another ${differs} than ${than ?? 'this run'}.`,
    next:
      than === undefined
        ? `Run with the ${differs} that it was made with, or without --resume to begin anew.`
        : 'Only journals of one fleet, run in the same way and split into the same number of shards, can be merged.',
  }),
  JOURNAL_DUPLICATED: ({ what, files: [first, second] }) => ({
    reason: `${what} is in ${first} and in ${second}; nothing was written.`,
    next: 'Leave one of the two journals away.',
  }),
  REPORT_INCOMPLETE: ({ missingShards, shards, devices }) => {
    const [noun, verb] = missingShards.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
    const named = list(missingShards.slice(0, MOST_NAMED));
    const more = missingShards.length > MOST_NAMED ? ` and ${missingShards.length - MOST_NAMED} more` : '';
    const missing = `${noun} ${named}${more} of ${shards} ${verb} missing, and `;
    return {
      reason: `The fleet is not complete: ${missingShards.length > 0 ? missing : ''}${devices} ${devices === 1 ? 'device was' : 'devices were'} not attempted.`,
      next: 'Run what is missing (--resume goes on with a run that ended early), then merge again.',
    };
  },
  SERVER_NOT_STARTED: ({ port, reason }) => ({
    reason: `The embedded platform could not listen on port ${port} (${reason}).`,
    next: 'Choose another port, or --port 0 for a free one. Check --host if you set it.',
  }),
  CERTIFICATE_UNUSABLE: ({ which, problem }) => ({
    reason: `The ${which} cannot be used (${problem}).`,
    next:
      which === 'client certificate'
        ? 'Give the certificate and the private key that belongs to it, both in PEM, and the passphrase if the key has one.'
        : 'Give certificates in PEM: they begin with -----BEGIN CERTIFICATE-----.',
  }),
  REALM_UNKNOWN: () => ({
    reason:
      "token_url (--token-url) is not the token endpoint of a Keycloak realm. The realm's keys and its logout cannot be found without it.",
    next: 'Use an address like https://auth.example.org/realms/my-realm/protocol/openid-connect/token, or do without (--no-verify, no --end-sessions).',
  }),
  DISCOVERY_FAILED: ({ url, reason }) => ({
    reason: `The realm's description at ${url} could not be read: ${reasonProse[reason].meaning} [${reason}].`,
    next: reasonProse[reason].remedy,
  }),
  DISCOVERY_REFUSED: ({ url, problem }) => ({
    reason: `The realm's description at ${url} is not to be trusted: ${problem}.`,
    next: 'Use the public address of the realm as token_url (--token-url), or --no-verify.',
  }),
  SERVER_UNSUITABLE: ({ reason }) => ({
    reason: `The server takes no login: ${reasonProse[reason].meaning} [${reason}].`,
    next: reasonProse[reason].remedy,
  }),
  TOKEN_MISSING: ({ token }) => ({
    reason: `The login succeeded, but the server gave no ${token}.`,
    next: 'The client may be set to issue none; ask for another one with --token.',
  }),
  SNIPPET_UNWRITABLE: ({ program, value, problem }) => ({
    reason: `The ${value} cannot be written for ${program}: ${problem}.`,
    next: 'Use --for node or --for python, which can write everything.',
  }),
  ENGINE_FAILED: ({ problem }) => ({
    reason: `Newman could not be run: ${problem}.`,
    next: 'Run the command again with --verbose; if it stays, report it with what that prints.',
  }),
  ...postmanErrorProse,
};
