/** C0 and C1 controls, DEL, line and paragraph separators, and everything that reorders or hides text. */
const dangerous =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/**
 * Makes a text from outside (a device's name, a server's answer) safe to print on one line of a
 * terminal or CI log: control, bidi and invisible characters become visible escapes, and the markers by
 * which GitHub Actions, Azure Pipelines and TeamCity take commands from a log (`::`, `##[`, `##vso[`,
 * `##teamcity[`) are broken up: some are obeyed anywhere in a line.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 * @see https://www.jetbrains.com/help/teamcity/service-messages.html
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function harmless(text: string): string {
  return text
    .replace(dangerous, escapeCharacter)
    .replace(/:(?=:)/g, ': ')
    .replace(/##(?=\w*\[)/g, '## ');
}

/**
 * A document as JSON that is safe to print: characters that {@link harmless} changes are escaped, so that a parser gets
 * every text unchanged.
 */
export function harmlessJson(document: object): string {
  const escape = (text: string) =>
    text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const json = JSON.stringify(document, null, 2)
    // Its only control characters are its own line ends.
    .replace(dangerous, (found) => (found === '\n' ? found : escape(found)))
    .replace(/:(?=:)|#(?=#\w*\[)/g, escape);
  return `${json}\n`;
}

/** Whether a text has characters that a terminal obeys, or that hide or reorder text. */
export function hasHiddenCharacters(text: string): boolean {
  return text.search(dangerous) !== -1;
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
