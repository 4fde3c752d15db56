/**
 * Takes what stands behind a lone `--` for files, whatever it looks like, before yargs parses, which would leave it out.
 * All that our commands take there are files and folders, so that `../` says so.
 *
 * @param args the command line
 * @param words what would be read as the name of a command
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap12.html#tag_12_02 guideline 10
 */
export function withOperands(args: readonly string[], words: ReadonlySet<string>): string[] {
  const end = args.indexOf('--');
  if (end === -1) return [...args];
  const asFile = (operand: string) => (/^-./.test(operand) || words.has(operand) ? `./${operand}` : operand);
  return [...args.slice(0, end), ...args.slice(end + 1).map(asFile)];
}
