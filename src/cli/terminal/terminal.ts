import { fileError } from '../../files/errors.js';
import { styleText } from 'node:util';
import type { Io, Output } from '../io.js';
import { errorCode } from '../../errors/error-code.js';
import type { Palette } from '../../text/palette.js';
import { noColors } from '../../text/palette.js';
import { Redactor } from '../../secret/redactor.js';
import { harmlessJson } from '../../text/harmless.js';

/**
 * Where a command writes. Results go to `result` or `json`, everything else to `note`. What other people wrote has been
 * redacted and made harmless before it is put into a sentence; the redactor looks at the whole text once more.
 */
export interface Terminal {
  /** What the output goes to, and everything else around the program. */
  readonly io: Io;
  /**
   * Standard output. Resolves when the text is written.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  result(text: string): Promise<void>;
  /**
   * Standard output, for programs. Nothing is masked here: a mask could replace one of our own keys. Redact foreign values
   * before.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  json(document: object): Promise<void>;
  /**
   * Standard output, for what somebody asked to see although it is a secret: nothing is masked.
   *
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  secret(text: string): Promise<void>;
  /** Standard error. */
  note(text: string): void;
  /** Whether {@link noteSent} was called: an error can no longer end with the status that promises that nothing was sent. */
  readonly hasSent: boolean;
  /** Called before a request is sent. */
  noteSent(): void;
  /** What all output passes through; whoever sends a device tells it of its secrets. */
  readonly redactor: Redactor;
  /** Whether standard error is a terminal that a person looks at. */
  readonly isInteractive: boolean;
  /** Keeps a line below all notes, until it is taken away with `undefined`. */
  setStatusLine(line: StatusLine | undefined): void;
  /** Changes that line, where there is one. */
  showStatus(text: string): void;
  /** For text on standard output. */
  readonly paint: Palette;
  /** For text on standard error. */
  readonly paintNotes: Palette;
}

/** A line that is written over and over at the end of standard error. */
export interface StatusLine {
  show(text: string): void;
  clear(): void;
  /** Clears it, and gives the cursor back. */
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
        // A reader that goes away (`| head`, or a terminal that is closed) is no error.
        const isClosed = reason === 'EPIPE' || (reason === 'EIO' && stdout.isTTY);
        if (reason === undefined || isClosed) resolve();
        else {
          const next = 'Check that its target can be written to and has space left.';
          reject(fileError('OUTPUT_NOT_WRITTEN', { file: 'standard output', reason, next }));
        }
      });
    });
  const paletteFor = (stream: Output) =>
    // https://no-color.org
    stream.isTTY && env['NO_COLOR'] === undefined ? colors : noColors;
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
    note: (text) => {
      statusLine?.clear();
      stderr.write(redactor.redactOwn(text));
      if (status !== '') statusLine?.show(status);
    },
    paint: paletteFor(stdout),
    paintNotes: paletteFor(stderr),
  };
}
