import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/**
 * Writes a credentials file like the platform's, with about 260 bytes per row. The same number of rows gives the same
 * file.
 *
 * @param {string} path
 * @param {number} rows
 */
export async function writeCredentials(path, rows) {
  // Private: every command warns of a credentials file that other users can read.
  const out = createWriteStream(path, { mode: 0o600 });
  const [customer, organization] = [uuid(-1), uuid(-2)];
  let text = 'Created,Name,Customer ID,Device ID,MQTT Username,HTTP Username,Password,Organization ID\r\n';
  for (let row = 0; row < rows; row++) {
    const id = uuid(row);
    const values = ['Yes', `device_${row}`, customer, id, id, `${id}@devices.data-ingestion.biotz.io`];
    text += `${values.join(',')},${hex(row, 7, 24)},${organization}\r\n`;
    if (text.length > 2 ** 20) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'close');
}

/** @param {number} row */
function uuid(row) {
  const digits = hex(row, 3, 32);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}

/**
 * Digits that look random and are the same in every run.
 *
 * @param {number} row
 * @param {number} salt
 * @param {number} length
 */
function hex(row, salt, length) {
  let digits = '';
  for (let word = Math.imul(row + 1, 0x9e3779b1) ^ salt; digits.length < length;) {
    word = Math.imul(word ^ (word >>> 15), 0x85ebca6b) + digits.length + row;
    digits += (word >>> 0).toString(16).padStart(8, '0');
  }
  return digits.slice(0, length);
}
