import { fileError } from '../../files/errors.js';
import { closeSync, fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
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

/** The process's own streams. */
export function createTerminal(): Terminal {
  // Without a listener an error ends the process with a stack trace. Standard output's comes with the write
  // that it belongs to; where standard error cannot be written, there is nowhere to say so.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const redactor = new Redactor();
  let statusLine: StatusLine | undefined;
  let status = '';
  let hasSent = false;
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      statusLine?.clear();
      process.stdout.write(text, (error) => {
        const reason = errorCode(error);
        // A reader that goes away (`| head`, or a terminal that is closed) is no error.
        const isClosed = reason === 'EPIPE' || (reason === 'EIO' && process.stdout.isTTY);
        if (reason === undefined || isClosed) resolve();
        else {
          const next = 'Check that its target can be written to and has space left.';
          reject(fileError('OUTPUT_NOT_WRITTEN', { file: 'standard output', reason, next }));
        }
      });
    });
  return {
    redactor,
    get hasSent() {
      return hasSent;
    },
    noteSent: () => (hasSent = true),
    isInteractive:
      process.stderr.isTTY && process.stderr.rows > 0 && process.env['TERM'] !== 'dumb' && !process.env['CI'],
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
      process.stderr.write(redactor.redactOwn(text));
      if (status !== '') statusLine?.show(status);
    },
    paint: paletteFor(process.stdout),
    paintNotes: paletteFor(process.stderr),
  };
}

/**
 * Closes the streams of a terminal that was closed. Node resets the terminal's modes at exit, and aborts if that fails;
 * the core dump would hold passwords.
 *
 * @see https://github.com/nodejs/node/blob/v20.x/src/node.cc (ResetStdio)
 */
export function closeLostTerminal(): void {
  for (const descriptor of [0, 1, 2]) {
    try {
      // The null device is another one that is no terminal, and may be closed as well.
      if (fstatSync(descriptor).isCharacterDevice() && !isatty(descriptor)) closeSync(descriptor);
    } catch {
      // It is closed already.
    }
  }
}

/** @see https://no-color.org */
function paletteFor(stream: NodeJS.WriteStream): Palette {
  return stream.isTTY && process.env['NO_COLOR'] === undefined ? colors : noColors;
}
