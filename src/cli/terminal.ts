import { styleText } from 'node:util';
import type { Palette } from '../report/summary-text.js';
import { noColors } from '../report/summary-text.js';
import { redact } from '../secret/redact.js';

/** Where a command writes. Results go to `result`, everything else to `note`. */
export interface Terminal {
  /** Standard output. Resolves when there is room for more. */
  result(text: string): Promise<void>;
  /** Standard error. */
  note(text: string): void;
  /** For text on standard output. */
  readonly paint: Palette;
  /** For text on standard error. */
  readonly paintNotes: Palette;
}

const colors: Palette = {
  good: (text) => styleText('green', text),
  bad: (text) => styleText('red', text),
  dim: (text) => styleText('dim', text),
  strong: (text) => styleText('bold', text),
};

/** The process's own streams. A reader that goes away (`| head`) is no error: the rest is for nobody. */
export function createTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    result: (text) =>
      new Promise((resolve) => {
        // After EPIPE the callback still comes, with the error that the listener above has seen.
        process.stdout.write(redact(text), () => resolve());
      }),
    note: (text) => void process.stderr.write(redact(text)),
    paint: paletteFor(process.stdout),
    paintNotes: paletteFor(process.stderr),
  };
}

/** @see https://no-color.org */
function paletteFor(stream: NodeJS.WriteStream): Palette {
  const noColor = process.env['NO_COLOR'];
  return stream.isTTY && (noColor === undefined || noColor === '') ? colors : noColors;
}
