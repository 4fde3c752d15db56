import type { Diagnostic, OnDiagnostic } from '../../device/diagnostic.js';
import type { ReadCounts } from '../../device/row-reader.js';
import { validateDevices } from '../../device/read-devices.js';
import { isBiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { explainDiagnostic } from '../../device/diagnostic.js';
import { counted } from '../../text/counted.js';
import { harmless } from '../../text/harmless.js';
import { DiagnosticPrinter, nameOf, openSource } from '../inputs/credentials.js';
import { exitStatus } from '../terminal/exit-status.js';
import { warnOfGit, warnOfPrivateFolders } from '../inputs/exposure.js';
import type { Command, ArgumentsOf } from '../options/options.js';
import type { Terminal } from '../terminal/terminal.js';

/** Most diagnostics in the JSON; `diagnosticsLeftOut` counts the others. */
const MOST_IN_JSON = 10_000;

/** The counts of a file that cannot be opened. */
const nothingRead: ReadCounts = { read: 0, skipped: 0, created: 0, invalid: 0, errors: 1, warnings: 0 };

/** Validates a credentials file, and reports all errors in it and who else can read it. */
export const check: Command<'check'> = async (argv, terminal) => {
  const { source } = argv;
  if (argv.format === 'json') {
    const diagnostics: Diagnostic[] = [];
    let leftOut = 0;
    const counts = await validate(argv, terminal, (diagnostic) => {
      if (diagnostics.length < MOST_IN_JSON) diagnostics.push(diagnostic);
      else leftOut++;
    });
    await terminal.json(documentOf(nameOf(source), counts, diagnostics, leftOut));
    return statusFor(counts);
  }
  const printer = new DiagnosticPrinter(terminal);
  const counts = await validate(argv, terminal, printer.print);
  printer.finish();
  await terminal.result(formatText(nameOf(source), counts));
  return statusFor(counts);
};

async function validate(
  argv: ArgumentsOf<'check'>,
  terminal: Terminal,
  onDiagnostic: OnDiagnostic,
): Promise<ReadCounts> {
  let atRest = 0;
  const onExposure: OnDiagnostic = (diagnostic) => {
    atRest++;
    onDiagnostic(diagnostic);
  };
  try {
    const file = await openSource(argv.source, argv, onExposure, terminal);
    try {
      for (const secret of [argv.source, ...(argv.identity ?? [])])
        await warnOfGit(secret, onExposure, terminal.io);
      await warnOfPrivateFolders(onExposure, terminal.io);
      const counts = await validateDevices(file, { onDiagnostic });
      return { ...counts, warnings: counts.warnings + atRest };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isBiotzPostmanError(error, 'CREDENTIALS_INVALID')) return nothingRead;
    throw error;
  }
}

function statusFor({ errors }: ReadCounts): number {
  return errors > 0 ? exitStatus.inputWrong : exitStatus.ok;
}

function formatText(file: string, { read, skipped, created, invalid, errors, warnings }: ReadCounts): string {
  const rows = `${read} read, ${created} created, ${skipped} not created (skipped), ${invalid} invalid`;
  return `${harmless(file)}: ${rows}; ${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`;
}

/** docs/credentials-file.md describes this document. A change of meaning raises `version`. */
function documentOf(
  file: string,
  counts: ReadCounts,
  diagnostics: readonly Diagnostic[],
  diagnosticsLeftOut: number,
): object {
  const described = diagnostics.map((diagnostic) => ({ ...diagnostic, ...explainDiagnostic(diagnostic) }));
  return {
    version: 1,
    file,
    ok: counts.errors === 0,
    counts,
    diagnostics: described,
    diagnosticsLeftOut,
  };
}
