import { complete, type Row } from '../program/cli/fleet.js';

/** Devices whose passwords and ids would show any change on their way into the server. */
export const fleet: readonly Required<Row>[] = [
  {},
  { password: 'canary {{x}} & = é "' },
  { password: 'canary {{client_id}} {{$guid}} {{password}}' },
  { password: ' canary 00123 ' },
  { password: 'canary-é&=+%;"\n\'<>' },
  { password: '1e5' },
  { password: 'canary %2B%00 \\n $HOME `id` 密码 😀' },
  { id: 'ABCDEF00-0000-4000-8000-00000000000A' },
].map(complete);

/** Devices that exist and cannot log in. */
export const disabled = complete({ name: 'disabled pump' }, 100);
export const notSetUp = complete({ name: 'new pump' }, 101);

/** Devices of the realm that locks accounts. */
export const guarded: readonly Required<Row>[] = [200, 201, 202].map((number) => complete({}, number));
