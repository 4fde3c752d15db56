import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Journal } from '../journal/journal.js';
import type { RunEnd } from '../journal/record.js';
import { harmless } from '../text/harmless.js';
import { collectFacts } from '../report/facts.js';
import { formatSummary } from '../report/summary-text.js';
import { writeReports } from '../report/write-reports.js';
import { statusOfRun } from '../cli/terminal/exit-status.js';
import type { Reporters } from '../cli/options/reporters.js';
import type { Terminal } from '../cli/terminal/terminal.js';

export interface ReportArguments {
  readonly reporters: Reporters;
  /** The folder of the journal and of all reports that are files. */
  readonly folder: string;
}

/** Ends a run's journal, and makes its reports. */
export class FleetReport {
  readonly #journal: Journal;
  readonly #arguments: ReportArguments;
  readonly #terminal: Terminal;
  readonly #startedAt = performance.now();
  #ended = false;

  constructor(journal: Journal, reportArguments: ReportArguments, terminal: Terminal) {
    this.#journal = journal;
    this.#arguments = reportArguments;
    this.#terminal = terminal;
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
  end(end: RunEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    const durationMs = performance.now() - this.#startedAt;
    this.#journal.append([{ type: 'end', endedAt: new Date().toISOString(), durationMs, end }]);
  }

  /**
   * Prints the summary and writes the files.
   *
   * @returns the exit status that the results ask for
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  async make(): Promise<number> {
    const { reporters, folder } = this.#arguments;
    const { facts, summary } = await collectFacts(this.#journal.records());
    // First: standard output may be a pipe that nobody reads, or full.
    const files = await writeReports(folder, reporters.files, facts, this.#journal.records());
    if (reporters.cli) await this.#terminal.result(formatSummary(facts, this.#terminal.paint));
    for (const file of files) this.#terminal.note(`Report: ${harmless(file)}\n`);
    return statusOfRun(summary, facts);
  }

  /** What a second signal leaves time for. */
  async endAtOnce(end: RunEnd): Promise<void> {
    this.end(end);
    await this.make();
  }

  /** Reports what was done before an error, as far as that error lets it. */
  async endBroken(error: unknown): Promise<void> {
    try {
      if (isBiotzPostmanError(error, 'ENGINE_FAILED')) this.end('engine-failed');
      await this.make();
    } catch (consequence) {
      // The disk that is full already: the error itself says so, and the journal has what was written.
      if (!isBiotzPostmanError(consequence, 'OUTPUT_NOT_WRITTEN')) throw consequence;
    }
  }
}
