import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Runs a command and measures the whole process: elapsed seconds, and its peak resident memory in megabytes, including
 * workers (VmHWM of /proc, polled until the end; 0 on systems without /proc).
 *
 * @param {string[]} args arguments for this Node
 * @param {{ env?: Record<string, string> }} [options]
 * @returns {Promise<{ seconds: number, megabytes: number, stdout: string }>}
 */
export function measure(args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    let megabytes = 0;
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    const timer = setInterval(() => (megabytes = Math.max(megabytes, peakOf(child.pid))), 20);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      if (status !== 0) reject(new Error(`${args.join(' ')} ended with ${status}\n${stdout.slice(-2000)}`));
      else resolve({ seconds: (performance.now() - startedAt) / 1000, megabytes, stdout });
    });
  });
}

/** @param {number | undefined} pid */
function peakOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    // It has just ended, or this system has no /proc.
    return 0;
  }
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
