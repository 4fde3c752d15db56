import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Row {
  readonly id?: string;
  readonly name?: string;
  readonly username?: string;
  readonly password?: string;
  readonly created?: string;
}

const header = 'Created,Name,Customer ID,Device ID,MQTT Username,HTTP Username,Password,Organization ID';
const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;

/** What a credentials file of these rows says for each; the password is a canary to look for. */
export function complete(row: Row, index: number): Required<Row> {
  const id = row.id ?? `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return {
    id,
    name: `pump ${index}`,
    username: `${id}@devices.data-ingestion.biotz.io`,
    password: `canary-${index} &=+%"<;é`,
    created: 'Yes',
    ...row,
  };
}

export function csvOf(rows: readonly Row[]): string {
  const lines = rows.map((row, index) => {
    const { created, name, id, username, password } = complete(row, index);
    return [created, name, 'customer', id, id, username, password, 'organization'].map(quote).join(',');
  });
  return `${[header, ...lines].join('\r\n')}\r\n`;
}

/** Writes a credentials file and gives its path. */
export async function writeCsv(folder: string, rows: readonly Row[]): Promise<string> {
  const file = join(folder, 'devices.csv');
  // As it should be kept: otherwise every command says so.
  await writeFile(file, csvOf(rows), { mode: 0o600 });
  return file;
}
