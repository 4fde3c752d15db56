import { invalidOption } from '../../errors/option-error.js';

/**
 * Parts of Node and of libraries that can print what is sent. In a run on Node 20.20, `http`,
 * `https`, `stream` (in hex) and postman-request's `request` printed passwords and tokens, and `net` those of a
 * proxy. The others are close to them, and printed only names and lengths, like all of NODE_DEBUG_NATIVE.
 *
 * Node takes a list with commas, in any case, in which `*` stands for anything (lib/internal/util/debuglog.js);
 * libraries search it for their name as a word.
 */
const tellTale = /\b(https?|http2|net|tls|undici|fetch|stream|request|tunnel)\b|\*/i;

/**
 * Options in NODE_OPTIONS that show memory, the environment, addresses or the keys of connections: a debugger, heap
 * snapshots, core dumps, diagnostic reports, the log of TLS keys and trace events. A report is only written if
 * something triggers it.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/cli.html#node_optionsoptions
 */
const revealing =
  /^--(?:inspect(?!-port|-publish-uid).*|heapsnapshot-.+|abort-on-uncaught-exception|report-(?:on-.+|uncaught-exception)|tls-keylog|trace-event-categories)$/s;

/**
 * The names of the options in NODE_OPTIONS, read as Node does (`ParseNodeOptionsEnvVar` in src/node_options.cc): only
 * spaces separate, double quotes group and are removed wherever they are, a backslash escapes inside quotes, and in a
 * name an underscore is a dash.
 */
function nodeOptionNames(text: string): readonly string[] {
  const unquoted = text.replaceAll(/"((?:\\.|[^"\\])*)"/gs, (_quoted, inside: string) =>
    inside.replaceAll(/\\(.)/gs, '$1').replaceAll(' ', '\0'),
  );
  const options = unquoted.split(' ').filter((argument) => argument.startsWith('--'));
  return options.map((option) => option.replace(/=.*$/s, '').replaceAll('_', '-'));
}

/**
 * Refuses variables that would print passwords, or send them to a server that is not authenticated.
 *
 * @param insecure whether any certificate is accepted
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function refuseUnsafeEnvironment(environment: NodeJS.ProcessEnv, insecure: boolean): void {
  for (const option of ['NODE_DEBUG', 'NODE_DEBUG_NATIVE']) {
    if (!tellTale.test(environment[option] ?? '')) continue;
    const problem = 'would print request bodies, which contain passwords';
    throw invalidOption(option, problem, 'Unset it and run the command again.');
  }
  const revealed = nodeOptionNames(environment['NODE_OPTIONS'] ?? '').find((name) => revealing.test(name));
  if (revealed !== undefined) {
    throw invalidOption(
      'NODE_OPTIONS',
      `has ${revealed}, which exposes passwords in memory, in the environment or in transit`,
      'Unset it and run the command again; to debug the program itself, pass the option to node on the command line.',
    );
  }
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0' && !insecure) {
    throw invalidOption(
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'is 0: any server could impersonate the platform and receive the passwords',
      'Unset it; for your own certificate authority set NODE_EXTRA_CA_CERTS.',
    );
  }
}
