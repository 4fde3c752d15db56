import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces, platform } from 'node:os';
import { kill, pid as ownPid } from 'node:process';
import { errorCode } from '../errors/error-code.js';

/** The process that made a lock or a temporary file, read from its name. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process, in ticks since the machine started; empty if the system does not reveal it. */
  readonly start: string;
  /** The machine and PID namespace in which `pid` means this process; empty if the system does not reveal it. */
  readonly machine: string;
}

/** `unknown`: the process runs on another machine or in another container, and cannot be seen from here. */
export type Life = 'alive' | 'dead' | 'unknown';

const NAME = /^(\d+)-(\d*)-([0-9a-f]*)-[0-9a-f]{16}-([\w.-]*)$/;

/** A unique name for a lock or temporary file of this process. */
export function holderName(): string {
  const { pid, start, machine, host } = ownHolder();
  return [pid, start, machine, randomBytes(8).toString('hex'), host].join('-');
}

/** @returns `undefined` if the name is not one that {@link holderName} gives */
export function holderOf(name: string): Holder | undefined {
  const [, pid, start = '', machine = '', host = ''] = NAME.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), host, start, machine };
}

/**
 * Tells whether a process still runs. It counts as dead only if the kernel says so: time proves nothing, because the
 * process may have been stopped, or the machine asleep.
 */
export function lifeOf({ pid, start, machine }: Holder): Life {
  const own = ownHolder();
  if (machine === '' || machine !== own.machine) return 'unknown';
  try {
    kill(pid, 0);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ESRCH') return 'dead';
    // With EPERM the process exists but belongs to another user.
    if (code !== 'EPERM') return 'unknown';
  }
  const found = own.start === '' ? undefined : processStat(pid);
  if (found === undefined || start === '') return 'alive';
  // A zombie is dead; in a container without an init process, its parent may never collect it.
  return found.start === start && !/[ZX]/.test(found.state) ? 'alive' : 'dead';
}

let known: Holder | undefined;

function ownHolder(): Holder {
  known ??= {
    pid: ownPid,
    // Long enough to be recognized, short enough for every file system's names.
    host: hostname()
      .replaceAll(/[^\w.-]/g, '_')
      .slice(0, 48),
    start: processStat(ownPid)?.start ?? '',
    machine: machineId(),
  };
  return known;
}

/**
 * A host name does not identify a machine: containers often share one, and each has a process 1. On Linux, the boot id
 * identifies the running kernel, and the namespaces say in which of its containers a PID means the same process.
 * Elsewhere, network addresses tell machines of one name apart.
 */
function machineId(): string {
  let parts: readonly string[];
  try {
    parts =
      platform() === 'linux'
        ? [
            readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
            readlinkSync('/proc/self/ns/pid'),
            // Start times are relative to this namespace, which kernels before 5.6 do not have.
            existsSync('/proc/self/ns/time') ? readlinkSync('/proc/self/ns/time') : '',
          ]
        : [hostname(), ...hardwareAddresses()];
  } catch {
    // In a sandbox or a container without /proc, no process can be proved dead.
    return '';
  }
  return parts.length < 2 ? '' : createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

function hardwareAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return [...new Set(all.filter(({ internal }) => !internal).map(({ mac }) => mac))].toSorted();
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function processStat(pid: number): (Pick<Holder, 'start'> & { readonly state: string }) | undefined {
  try {
    // The /proc of another PID namespace describes other processes with the same numbers.
    if (readlinkSync('/proc/self') !== String(ownPid)) return undefined;
    // A program's name is in parentheses and may hold any character.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, '').trim().split(' ');
    const [state, start] = [fields[0], fields[19]];
    return state === undefined || start === undefined ? undefined : { state, start };
  } catch {
    // /proc does not exist, it hides other users' processes, or the process has just ended.
    return undefined;
  }
}

/** A name for a temporary file or folder, from which {@link temporaryHolder} reads its owner. */
export const temporaryName = (name = holderName()) => `.biotz-${name}.tmp`;

/** @returns `undefined` if the name is not one that {@link temporaryName} gives */
export function temporaryHolder(name: string): Holder | undefined {
  const [, holder] = /^\.biotz-(.*)\.tmp$/.exec(name) ?? [];
  return holder === undefined ? undefined : holderOf(holder);
}
