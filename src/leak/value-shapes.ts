/** Syntax that joins the name of a secret to its value. */
interface Shape {
  /** Bytes that may follow the name; other shapes are not tried. */
  readonly first: string;
  /** Matches the end of the text before the name. Default: any text. */
  readonly before?: RegExp;
  /** Whether the name must begin its line. */
  readonly onOwnLine?: true;
  /** Matches the text after the name, with the value as the group `v`. */
  readonly after: RegExp;
  /**
   * - `named`: the name decides, unless the value is prose, a reference or a placeholder
   * - `random`: as `named`, but a plain word is not a secret
   * - `block`: as `named`, decided by the first of several lines
   */
  readonly trust: 'named' | 'random' | 'block';
}

/** A value beside a name. */
export interface Value {
  /** Its offset after the name. */
  readonly offset: number;
  readonly value: string;
  readonly trust: Shape['trust'];
}

/** Whether a name begins its line, perhaps in quotes. The character before it excludes most names. */
const beginsLine = (before: string) =>
  (before === '' || /[\s"'n]/.test(before.charAt(before.length - 1))) && lineBegins.test(before);
const lineBegins = /(?:^|[\r\n]|\\n)[ \t]*(?:-[ \t]+|export[ \t]+|set[ \t]+)?["']?$/i;
/** An attribute that names the content of an element or of another attribute. */
const attributeBegins = /\s(?:name|key|id)\s*=\s*["']$/;
const comment = String.raw`\/\*(?:(?!\*\/).){0,80}\*\/`;
/** Signs that assign a value: `:`, `=`, `:=`, `=>`, `==`. */
const joint = String.raw`(?:${comment}\s*)?(?::=|=>|={1,3}|:)(?:\s*${comment})?`;
/** Types between name and value of a declaration: `: string`, ` string` (Go), `[]` (C), ` { get; set; }`. */
const type = String.raw`[?!]?(?:\s*\{[^{}]*\}\s*(?==)|\s*:\s*[\w.&*<>|?'[\] ]{1,40}?(?==)|[ \t]+[\w.*[\]]{1,30}[ \t]*(?==)|\[\d*\])?`;
/** Brackets before the only value of a list, or before a value with a name of its own. */
const nested = String.raw`(?:\[\s*|\{\s*["']?value["']?\s*:\s*)?`;
const quote = String.raw`&(?:amp;)*(?:quot|apos|#0*3[49]|#x0*2[27]);`;

const account = '(?:user(?:name)?|login|e?mail|host|database|port|url)';
/** A line of YAML about an account or a server, which shows that the lines beside it are no code. */
const accountLine = String.raw`["']?[\w.-]*(?:${account}|${account.toUpperCase()})["']?:[ \t]+[\w@.:/"'-]+[ \t]*(?:\r?\n|$)`;
/** A plain word at the end of its line. */
const wordAfter = (between: string, behind = '') =>
  new RegExp(String.raw`^${between}(?<v>[a-z]+)[ \t]*${behind || '(?:[\\r\\n]|$)'}`);

/** Characters that may follow a name. */
const space = ' \t\r\n';
const quotes = '"\'`';
const joints = ':=';

/** Tried in this order; the first match counts. */
const shapes: readonly Shape[] = [
  // An element of XML: `<password>…</password>`.
  {
    first: `>${space}`,
    before: /<(?:[\w-]+:)?$/,
    after: /^(?:\s[^<>]*)?>(?:<!\[CDATA\[)?(?<v>[^\s<>\]]+)(?:\]\]>)?<\//,
    trust: 'named',
  },
  // `<property name="password" value="…"/>`, `<entry key="password">…</entry>`
  {
    first: quotes,
    before: attributeBegins,
    after: /^["']\s[^<>]{0,99}?\bvalue\s*=\s*(["'])(?<v>(?:(?!\1)[^<>])*)\1/,
    trust: 'named',
  },
  { first: quotes, before: attributeBegins, after: /^["'](?:\s[^<>]*)?>(?<v>[^\s<>]+)<\//, trust: 'named' },
  // Code and JSON: `"password": "…"`, `const password: string = "…"`, `password := "…"`, `{"password": {"value": "…"}}`.
  {
    first: `${quotes}${space}${joints}?![{/`,
    after: new RegExp(
      String.raw`^(?:["'\`]\]?|${type})\s*${joint}\s*${nested}[bfLru@$]{0,2}(["'])(?<v>(?:(?!\1)[^\\\r\n]|\\[^\r\n])*)\1`,
    ),
    trust: 'named',
  },
  // A literal of JavaScript or Go in backticks. In a shell, which allows no space there, backticks hold a command.
  {
    first: `"'${space}${joints}/`,
    after: new RegExp(
      String.raw`^(?:["']\]?|${type})(?:\s+=|\s*:=?|\s+=>)\s+` + '`(?<v>(?:(?!\\$\\{)[^`\\\\\\r\\n])*)`',
    ),
    trust: 'named',
  },
  // A setter: `pm.environment.set("password", "…")`, `define('DB_PASSWORD', '…')`. A list of names has the same comma.
  {
    first: quotes,
    before: /\b(?:define|(?:set|put|add|with)\w*|append|header|field|param|property|env)\(\s*["'`]$/i,
    after: /^["'`]\s*,\s*(["'])(?<v>(?:(?!\1)[^\\\r\n]|\\[^\r\n])*)\1/,
    trust: 'named',
  },
  {
    first: '\\',
    before: /\.set\w*\(\s*\\["'`]$/,
    after: /^\\["'`]\s*,\s*\\"(?<v>(?:[^\\"]|\\[^"\\]|\\\\(?:\\["\\]|[^\\"]))*)\\"/,
    trust: 'named',
  },
  // A builder: `.password("…")`.
  { first: '(', after: /^\(\s*(["'])(?<v>(?:(?!\1)[^\\\r\n])*)\1\s*\)/, trust: 'random' },
  // `#define PASSWORD "…"`, `ALTER USER x WITH PASSWORD '…'`
  {
    first: space,
    before: /#define\s+$|\b(?:with|encrypted)\s+$/i,
    after: /^\s+(["'])(?<v>(?:(?!\1)[^\\\r\n])*)\1/,
    trust: 'named',
  },
  // Inside a JSON string: `\"password\": \"…\"`, `password = \"…\"`.
  {
    first: `\\${space}${joints}`,
    after:
      /^(?:\\"(?:\s|\\[nrt])*:|(?:\s|\\[nrt])*(?::|=>?))(?:\s|\\[nrt])*(?:\[(?:\s|\\[nrt])*|\{(?:\s|\\[nrt])*\\"value\\"\s*:\s*)?\\"(?<v>(?:[^\\"]|\\[^"\\]|\\\\(?:\\["\\]|[^\\"]))*)\\"/,
    trust: 'named',
  },
  // The same at a deeper level.
  { first: '\\', after: /^(\\+)"\s*:\s*\1"(?<v>(?:(?!\\*")[^\r\n])*)\1"/, trust: 'named' },
  // JSON in HTML or XML: `&quot;password&quot;:&quot;…&quot;`.
  {
    first: `&${space}:=`,
    after: new RegExp(
      String.raw`^(?:${quote})?\s*(?::|=)\s*\[?(?<q>${quote})(?<v>(?:(?!\k<q>)[^<>\r\n])*)\k<q>`,
      'i',
    ),
    trust: 'named',
  },
  // JSON in a URL: `%22password%22%3A%22…%22`; a form in one: `password%3D…%26`.
  {
    first: '%',
    after: /^%22(?:%20|\+)*%3a(?:%20|\+)*%22(?<v>(?:(?!%22)[^\s"'&<>])*)%22/i,
    trust: 'named',
  },
  { first: '%', after: /^%3d(?<v>(?:(?!%26)[^\s"'&<>])+?)(?:%26|(?=[\s"'&<>]|$))/i, trust: 'random' },
  // A form or a query: `password=…&`.
  { first: '=', after: /^=(?<v>[^\s&"'`<>(){}[\];,|\\#]+)&/, trust: 'named' },
  {
    first: '=',
    before: /[&?]$/,
    after: /^=(?<v>[^\s&"'`<>(){}[\];,|\\#]+)(?=[\s"'`<#\\]|$)/,
    trust: 'named',
  },
  // A connection string: `Server=db;User Id=sa;Password=…;`, `host=db user=u password=…`.
  {
    first: `=${space}`,
    before:
      /(?:server|host|source|addr|address|database|dbname|catalog|user|username|user id|uid|endpoint|endpointsprotocol|name|driver|provider)\s*=[^;\r\n"']*;(?:[^;\r\n"']*;)*\s*$/i,
    after: /^\s*=\s*(?<v>[^\s;"'<>{}]+)/,
    trust: 'named',
  },
  {
    first: `=${space}`,
    after:
      /^\s*=\s*(?<v>[^\s;"'<>{}]+);\s*(?:server|host|data source|database|initial catalog|user id|uid)\s*=/i,
    trust: 'named',
  },
  {
    first: '=',
    before: /\b(?:host|user|dbname)=[^\s,()]+[ \t]+$/,
    after: /^=(?<v>[^\s,;"'<>{}()]+)(?=[\s"']|$)/,
    trust: 'named',
  },
  // .netrc: `machine h login u password …`. Without a login, the text may be prose.
  {
    first: space,
    before: /(?:^|\s)(?:machine\s+\S+|default)\s+(?:(?:login|account)\s+\S+\s+)+$/,
    after: /^\s+(?<v>\S+)/,
    trust: 'named',
  },
  { first: space, before: /(?:^|\s)machine\s+\S+\s+$/, after: /^\s+(?<v>\S+)/, trust: 'random' },
  // YAML: a block, a list, a value below.
  {
    first: `${quotes}:${space}`,
    onOwnLine: true,
    after:
      /^["']?[ \t]*:[ \t]*(?:!!\w+[ \t]+)?[|>][-+\d]{0,2}[ \t]*(?:#[^\r\n]*)?\r?\n([ \t]+)(?<v>\S[^\r\n]*(?:\r?\n\1[^\r\n]+)*)/,
    trust: 'block',
  },
  {
    first: `${quotes}:${space}`,
    onOwnLine: true,
    after:
      /^["']?[ \t]*:[ \t]*(?:\[[ \t]*|\r?\n[ \t]*(?:-[ \t]+|[ \t]value:[ \t]*))["']?(?<v>[^\s"'`<>(){}[\];,|\\]+)["']?[ \t]*(?:[\],]|\r?\n|$)/,
    trust: 'random',
  },
  // In a dotenv, YAML or ini file, the only value of a line may be a plain word; a line of code may look the same.
  { first: '=', before: /(?:^|[\r\n])(?:export[ \t]+)?$/, after: wordAfter('='), trust: 'named' },
  {
    first: ':',
    before: new RegExp(String.raw`(?:^|[\r\n])[ \t]*(?:-[ \t]+)?${accountLine}[ \t]*(?:-[ \t]+)?$`),
    after: wordAfter(':[ \t]+'),
    trust: 'named',
  },
  {
    first: ':',
    onOwnLine: true,
    after: wordAfter(':[ \t]+', String.raw`\r?\n[ \t]*${accountLine}`),
    trust: 'named',
  },
  {
    first: '= \t',
    before: /(?:^|[\r\n])\[[\w.: -]+\][ \t]*\r?\n(?:[\w.-]+[ \t]*=[^\r\n]*\r?\n)*$/,
    after: wordAfter('[ \t]*=[ \t]*'),
    trust: 'named',
  },
  // A line of its own: a dotenv, properties or YAML file, or a header.
  {
    first: `${quotes}:=${space}`,
    onOwnLine: true,
    after: /^["']?[ \t]*[:=][ \t]*(?<v>[^\s"'`<>(){}[\];,|\\]+)[ \t]*(?:[\r\n]|\\[rn]|#|$)/,
    trust: 'random',
  },
  // An option: `--password …`.
  {
    first: ' \t',
    before: /(?:^|\s)--$/,
    after: /^[ \t]+(?<v>[^\s"'`<>()[\]{}|;&-][^\s"'`<>()[\]{}|;&]*)/,
    trust: 'random',
  },
  { first: '=', after: /^=(?<v>[^\s&"'`<>(){}[\];,|\\#]+)(?=[\s"'`<#\\]|$)/, trust: 'random' },
];

/** With the flag `d`, which gives the offsets of groups. */
const indexed = shapes.map((shape) => ({ shape, after: new RegExp(shape.after, `${shape.after.flags}d`) }));

/** Shapes by the byte after the name. */
const shapesByByte = Array.from({ length: 256 }, (_, byte) =>
  indexed.filter(({ shape }) => shape.first.includes(String.fromCharCode(byte))),
);

/** Whether a byte after a name may join it to a value. */
export const mayJoinValue = (byte = 0): boolean => shapesByByte[byte]?.length !== 0;

/**
 * Finds the value beside a name.
 *
 * @param before the text before the name, read as Latin-1
 * @param after the text after the name, read as Latin-1
 */
export function valueBeside(before: string, after: string): Value | undefined {
  const isLine = beginsLine(before);
  for (const { shape, after: pattern } of shapesByByte[after.charCodeAt(0)] ?? []) {
    if (shape.onOwnLine === true && !isLine) continue;
    const found = pattern.exec(after);
    const value = found?.groups?.['v'];
    const [offset] = found?.indices?.groups?.['v'] ?? [];
    if (value === undefined || offset === undefined || shape.before?.test(before) === false) continue;
    return { offset, value, trust: shape.trust };
  }
  return undefined;
}
