import { fileError } from '../../files/errors.js';
import { styleText } from 'node:util';
import type { Io, Output } from '../io.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { errorCode } from '../../errors/error-code.js';
import type { Palette } from '../../text/palette.js';
import { noColors } from '../../text/palette.js';
import { Redactor } from '../../secret/redactor.js';
import { harmless, harmlessJson } from '../../text/harmless.js';

/**
 * Where a command writes. Results go to `result` or `json`, everything else to `note`. Foreign text is redacted and made
 * harmless before it becomes part of a sentence; the redactor scans the whole text once more.
 */
export interface Terminal {
  /** The surroundings that the terminal writes to. */
  readonly io: Io;
  /**
   * Standard output. Resolves when the text is written.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  result(text: string): Promise<void>;
  /**
   * Standard output, for programs. Nothing is masked here, because a mask could replace one of our own keys: redact
   * foreign values first.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  json(document: object): Promise<void>;
  /**
   * Standard output, for a secret that the user asked for: nothing is masked.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  secret(text: string): Promise<void>;
  /** Standard error. */
  note(text: string): void;
  noteWarning(text: string): void;
  noteError(error: BiotzPostmanError): void;
  /** Whether {@link noteSent} was called. If so, an error must not end with the status that promises that nothing was sent. */
  readonly hasSent: boolean;
  /** Called before a request is sent. */
  noteSent(): void;
  /** Masks secrets in all output; it must know the secrets of every device that is sent. */
  readonly redactor: Redactor;
  /** Whether standard error is a terminal that a person looks at. */
  readonly isInteractive: boolean;
  /** Keeps a line below all notes, until it is removed with `undefined`. */
  setStatusLine(line: StatusLine | undefined): void;
  /** Changes that line, if there is one. */
  showStatus(text: string): void;
  /** For text on standard output. */
  readonly paint: Palette;
  /** For text on standard error. */
  readonly paintNotes: Palette;
}

/** A line at the end of standard error that is overwritten repeatedly. */
export interface StatusLine {
  show(text: string): void;
  clear(): void;
  /** Clears the line and shows the cursor again. */
  end(): void;
}

const colors: Palette = {
  good: (text) => styleText('green', text),
  bad: (text) => styleText('red', text),
  dim: (text) => styleText('dim', text),
  strong: (text) => styleText('bold', text),
};

export function createTerminal(io: Io): Terminal {
  const { stdout, stderr, env } = io;
  // Without a listener, an error ends the process with a stack trace. Standard output's errors come with the write
  // that they belong to; an error of standard error cannot be reported anywhere.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const redactor = new Redactor();
  let statusLine: StatusLine | undefined;
  let status = '';
  let hasSent = false;
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      statusLine?.clear();
      stdout.write(text, (error) => {
        const reason = errorCode(error);
        // A reader that has gone (`| head`, or a closed terminal) is not an error.
        const isClosed = reason === 'EPIPE' || (reason === 'EIO' && stdout.isTTY);
        if (reason === undefined || isClosed) resolve();
        else {
          const next = 'Check that its target is writable and has space left.';
          reject(fileError('OUTPUT_NOT_WRITTEN', { file: 'standard output', reason, next }));
        }
      });
    });
  const paletteFor = (stream: Output) =>
    // https://no-color.org
    stream.isTTY && env['NO_COLOR'] === undefined ? colors : noColors;
  const paintNotes = paletteFor(stderr);
  const note = (text: string) => {
    statusLine?.clear();
    stderr.write(redactor.redactOwn(text));
    if (status !== '') statusLine?.show(status);
  };
  return {
    io,
    redactor,
    get hasSent() {
      return hasSent;
    },
    noteSent: () => (hasSent = true),
    isInteractive: stderr.isTTY === true && (stderr.rows ?? 0) > 0 && env['TERM'] !== 'dumb' && !env['CI'],
    setStatusLine: (line) => {
      statusLine?.end();
      statusLine = line;
      status = '';
    },
    showStatus: (text) => {
      status = text;
      statusLine?.show(text);
    },
    result: (text) => write(redactor.redactOwn(text)),
    json: (document) => write(harmlessJson(document)),
    secret: write,
    note,
    noteWarning: (text) => note(`${paintNotes.bad('warning')}: ${text}\n`),
    noteError: ({ code, message }) =>
      note(`${paintNotes.bad('error')}: ${harmless(redactor.redactOwn(message))} [${code}]\n`),
    paint: paletteFor(stdout),
    paintNotes,
  };
}
