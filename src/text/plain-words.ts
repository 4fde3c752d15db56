/**
 * The words of which OAuth error codes (RFC 6749, RFC 6750, RFC 8628, RFC 9449, OpenID Connect Core) and the error
 * texts of Keycloak, gateways and proxies are made, in lower case.
 */
export const plainWords = `
a about accept accepted access account action actions activated active additional admin administrator after again all
allowed already an and another any api application are argument arguments as assertion at attempt attempts audience
auth authenticate authenticated authentication authorization authorize authorized available bad be bearer because been
before being blocked body broker browser brute busy but by call called can cannot case certificate challenge change
changed check client clients code complete completed configuration configured confirm conflict connect connection
consent consult consume contact content could create created credential credentials current currently data database
days deactivated debug delete denied deny details detected device devices did direct disabled disallowed does domain
down dpop due duplicate duplicated email empty enabled encoding end endpoint enough error errors exceeded exception
exist exists expected expired external fail failed failure feature features few field fields first flow for forbidden
force format found from full fully gateway given gone grant grants group handle handled has have header headers host
hour hours http https id identity if implemented in inactive incomplete incorrect information initialized input
insufficient interaction internal into invalid is issue issued issuer it its json jwt key keys known large later
length less level limit limited load lock locked log logged login logout long longer maintenance malformed many match
matching max maximum may maybe media message method minute minutes mismatch missing more moved must name names need
needed network new no nonce none not null number oauth object occurred of off offline often on once one only openid
operation option or organization origin other otp out over overloaded own page parameter parameters parse part
password path payload pending permission permissions permitted pkce please policy post present problem process
processed processing proof protected protocol provide provided provider proxy public quota rate reached read realm
reason received redirect refresh refused registered registration reject rejected request requested requests require
required requirements requires resolve resource response restricted retry reuse revoked role roles schema scheme scope
scopes second seconds secret secure security see selection send sent server servers service services session sessions
set setup should sign signature size slow software some something specified stale standard start state statement
status still stop string support supported suspended system take target temporarily temporary tenant terms than that
the then there this time timed timeout times to token tokens too traffic try type unable unauthorized unavailable
unexpected unhandled unknown unmet unreachable unreadable unrecognized unsupported until up update upstream uri url
use used user username users using valid validate validation value values verification verified verify version wait
was we went were when which while with within without wrong you your`
  .trim()
  .split(/\s+/)
  .join(' ');

const known: ReadonlySet<string> = new Set(plainWords.split(' '));
const LONGEST = 200;

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/**
 * Shows what a server says if it is plain prose, and otherwise how long it is. A server can echo a password in more ways
 * than a redactor can recognise: spaced, reversed, in hex, half of it. Plain prose is made only of {@link plainWords}
 * and punctuation, so none of these is, unless the secret itself is made of such words; then they are not shown either.
 *
 * The generated collection's script decides in the same way (templates/collection/get-token/test.js).
 *
 * @param secrets known to the server; they must not be shown
 * @param own a text of the user's, whose words are plain as well
 */
export function plainOrLength(text: string, secrets: readonly string[], own = ''): string {
  const isPlain =
    text.length <= LONGEST &&
    /^[A-Za-z_ ,.'"():;?{}[\]-]+$/.test(text) &&
    wordsOf(text).every((word) => known.has(word) || wordsOf(own).includes(word)) &&
    !secrets.some((secret) => sharesWords(text, secret));
  return isPlain ? text : `[not shown, length ${text.length}]`;
}

/** Whether a secret is in the text, whatever separates its letters, or a word of the text is in the secret. */
function sharesWords(text: string, secret: string): boolean {
  const letters = lettersOf(secret);
  if (letters === '') return false;
  return (
    lettersOf(text).includes(letters) ||
    wordsOf(text).some((word) => word.length > 2 && letters.includes(word))
  );
}
