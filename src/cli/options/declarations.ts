import type { CommandName } from './options.js';
import type { Terminal } from '../terminal/terminal.js';

/** A command, for help and the parser. */
interface Declaration {
  readonly describe: string;
  /** The argument after the command's name. */
  readonly takes?: keyof typeof positionals;
  /** Help for that argument, if it differs from that of other commands. */
  readonly about?: string;
  /** Whether the argument may be missing. */
  readonly optional?: true;
  /** Loads the command's code. Nothing heavy may be loaded before the command is known. */
  readonly load: () => Promise<(argv: never, terminal: Terminal) => Promise<number>>;
}

/** Arguments of commands. */
export const positionals = {
  DEVICES: {
    syntax: 'DEVICES',
    about: 'Credentials file, which may be encrypted (.age), or - for standard input',
    missing: 'has no DEVICES: name a credentials file, or - for standard input',
  },
  PATHS: {
    syntax: 'PATHS..',
    about: 'Files and folders to scan, or - for standard input',
    missing: 'has no PATHS: name files or folders, or - for standard input',
  },
  FILE: {
    syntax: 'FILE',
    about: 'File to remove the secrets from',
    missing: 'has no FILE: name the file to remove the secrets from',
  },
  JOURNALS: {
    syntax: 'JOURNALS..',
    about: 'Journals, or folders with a journal.ndjson in them',
    missing: 'has no JOURNALS: name the journals of all shards, or folders with a journal.ndjson in them',
  },
  FOLDER: {
    syntax: 'FOLDER',
    about: 'Folder that "generate" wrote to; default: generated',
    missing: 'has no FOLDER: name the folder that "generate" wrote to',
  },
} as const;

/** First words of commands that have two. */
export const groups: Readonly<Record<string, string>> = {
  share: 'Share credentials and collections without sharing a secret',
  report: 'Make reports of finished runs',
};

export const declarations: { readonly [C in CommandName]: Declaration } = {
  demo: {
    describe: 'Show everything on an embedded platform, without an account or a network',
    load: async () => (await import('../commands/demo.js')).demo,
  },
  generate: {
    describe: 'Write the Postman collection, environments and iteration data',
    takes: 'DEVICES',
    optional: true,
    load: async () => (await import('../commands/generate.js')).generate,
  },
  check: {
    describe: 'Validate a credentials file; sends nothing',
    takes: 'DEVICES',
    load: async () => (await import('../commands/check.js')).check,
  },
  token: {
    describe: "Log devices in without Newman: print one device's token, or check a whole fleet",
    takes: 'DEVICES',
    optional: true,
    load: async () => (await import('../commands/token.js')).token,
  },
  doctor: {
    describe: 'Find out what the server requires and what is wrong; sends no password without DEVICES',
    takes: 'DEVICES',
    optional: true,
    load: async () => (await import('../commands/doctor.js')).doctor,
  },
  snippet: {
    describe: 'Print a command or script that logs one device in; the password is read when it runs',
    takes: 'DEVICES',
    load: async () => (await import('../commands/snippet.js')).snippet,
  },
  run: {
    describe: 'Send every device through the collection in Newman',
    takes: 'DEVICES',
    load: async () => (await import('../commands/run.js')).run,
  },
  serve: {
    describe: 'Start the embedded platform; runs until stopped',
    load: async () => (await import('../commands/serve.js')).serve,
  },
  init: {
    describe:
      'Add a CI pipeline, pre-commit hook, .gitignore lines and config file to a repository; asks first',
    takes: 'DEVICES',
    about: 'Path of the encrypted credentials file in the repository; default: devices.csv.age',
    optional: true,
    load: async () => (await import('../commands/init.js')).init,
  },
  share: {
    describe: 'Encrypt a credentials file with age, for the people who may read it',
    takes: 'DEVICES',
    load: async () => (await import('../commands/share.js')).share,
  },
  'share check': {
    describe: 'Find passwords, tokens and keys in files before they are shared; for a pre-commit hook and CI',
    takes: 'PATHS',
    optional: true,
    load: async () => (await import('../commands/share-check.js')).shareCheck,
  },
  'share clean': {
    describe: 'Remove the secrets from a file and leave the rest unchanged',
    takes: 'FILE',
    load: async () => (await import('../commands/share-clean.js')).shareClean,
  },
  'share keygen': {
    describe:
      'Create an age identity (a private key) in a new file, and print its recipient (the public key)',
    load: async () => (await import('../commands/share-keygen.js')).shareKeygen,
  },
  'report merge': {
    describe: "Merge the journals of a fleet's shards into one report, and verify that no device is missing",
    takes: 'JOURNALS',
    load: async () => (await import('../commands/report-merge.js')).reportMerge,
  },
  push: {
    describe: 'Create or update the collection and the shared environments in a Postman workspace',
    takes: 'FOLDER',
    optional: true,
    load: async () => (await import('../commands/push.js')).push,
  },
};
