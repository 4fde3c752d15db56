import { createLogUpdate } from 'log-update';
import type { FleetState } from '../../fleet/send-devices.js';
import type { DeviceResult } from '../../result/device-result.js';
import type { StatusLine, Terminal } from './terminal.js';

/** Time between two updates of a terminal, and between two lines of a log, in milliseconds. */
const DRAW_MS = 100;
const LINE_MS = 5000;

/** Time span of the rate, in milliseconds. */
const RATE_WINDOW_MS = 10_000;

const BAR_WIDTH = 24;

/**
 * Shows the progress of a run on standard error: a bar on a terminal, otherwise a line every few seconds.
 */
export class Progress {
  readonly #total: number;
  readonly #terminal: Terminal;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #marks: { readonly at: number; readonly done: number }[] = [];
  #done: number;
  #failed = 0;
  #concurrency = 0;

  /**
   * @param total number of devices of this run
   * @param done how many of them had a result before
   */
  constructor(terminal: Terminal, total: number, done: number, quiet: boolean) {
    this.#terminal = terminal;
    this.#total = total;
    this.#done = done;
    this.#mark();
    if (quiet) return;
    if (terminal.isInteractive) {
      terminal.setStatusLine(logUpdateLine(terminal.io.stderr));
      this.#timer = setInterval(() => this.#draw(), DRAW_MS);
    } else {
      this.#timer = setInterval(() => terminal.note(`${this.#numbers().join(', ')}\n`), LINE_MS);
    }
    // The timer alone must not keep the process alive.
    this.#timer.unref();
  }

  add({ status }: DeviceResult): void {
    this.#done++;
    if (status === 'failed') this.#failed++;
  }

  readonly state = ({ concurrency }: FleetState): void => {
    this.#concurrency = concurrency;
  };

  close(): void {
    clearInterval(this.#timer);
    this.#terminal.setStatusLine(undefined);
  }

  #draw(): void {
    const filled = Math.round((BAR_WIDTH * this.#done) / Math.max(1, this.#total));
    const { good, dim } = this.#terminal.paintNotes;
    const bar = good('━'.repeat(filled)) + dim('─'.repeat(BAR_WIDTH - filled));
    this.#terminal.showStatus(`${bar} ${this.#numbers().join(', ')}`);
  }

  #numbers(): string[] {
    const now = this.#mark();
    const [first = now] = this.#marks;
    const seconds = (now.at - first.at) / 1000;
    const rate = seconds > 0 ? (now.done - first.done) / seconds : 0;
    const left = rate > 0 ? `, ${duration((this.#total - this.#done) / rate)} left` : '';
    return [
      `${this.#done} of ${this.#total} devices`,
      `${this.#failed} failed`,
      `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s${left}`,
      `${this.#concurrency} at once`,
    ];
  }

  #mark(): { readonly at: number; readonly done: number } {
    const mark = { at: performance.now(), done: this.#done };
    this.#marks.push(mark);
    while ((this.#marks[0]?.at ?? mark.at) < mark.at - RATE_WINDOW_MS) this.#marks.shift();
    return mark;
  }
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function logUpdateLine(stream: NodeJS.WritableStream): StatusLine {
  const update = createLogUpdate(stream);
  return {
    show: update,
    clear: () => update.clear(),
    end: () => {
      update.clear();
      update.done();
    },
  };
}
