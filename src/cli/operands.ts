/**
 * Takes the `--` out that ends the options, before yargs parses, which gives no command what comes behind it. All
 * arguments of commands are paths, so that one which begins with a dash can be written as none that looks like an option.
 *
 * @param args the command line
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap12.html (guideline 10)
 */
export function withOperands(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  if (end < 0) return args;
  const operands = args.slice(end + 1).map((operand) => (/^-./.test(operand) ? `./${operand}` : operand));
  return [...args.slice(0, end), ...operands];
}
