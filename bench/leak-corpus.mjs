// Texts with secrets in many shapes, and similar texts without secrets. All secrets are generated here.
import { createHash } from 'node:crypto';

/** @param {string} seed @param {number} length a value that looks random and is the same for the same seed */
const random = (seed, length = 16) =>
  createHash('sha256')
    .update(seed)
    .digest('base64')
    .replace(/[+/=]/g, '')
    .slice(0, length - 1) + '7';

/** @param {string} text */
const base64 = (text) => Buffer.from(text).toString('base64');

/** @param {object} value */
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param {string} text a text as HTML has it */
const html = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** Texts in which `«P»` stands for a value. @type {Record<string, Record<string, string>>} */
const shapes = {
  JSON: {
    'a member': '{"user":"bob","password":"«P»"}',
    'a list of one': '{"password":["«P»"]}',
    'an object with a value': '{"password":{"value":"«P»","type":"hidden"}}',
    'an escaped name': '{"pass\\u0077ord":"«P»"}',
    'JSON in JSON': '{"body":"{\\"client_secret\\": \\"«P»\\"}"}',
    'a list in JSON in JSON': '{"body":"{\\"password\\":[\\"«P»\\"]}"}',
    'an environment': '{"values":[{"key":"pin","value":"«P»","type":"secret"}]}',
    'a header': '{"header":[{"key":"X-API-Key","value":"«P»"}]}',
    'an auth block': '{"auth":{"type":"bearer","bearer":[{"key":"token","value":"«P»"}]}}',
    'lines in a string': '{"text":"user=bob\\npassword=«P»\\nx=1"}',
    'a short name': '{"user":"bob","pwd":"«P»"}',
    'a name with escaped letters': '{"p\\u0061ss\\u0077ord":"«P»"}',
    'lists below titles': '[["user","password"],["bob","«P»"]]',
    'lists beside titles': '{"columns":["id","HTTP Password"],"data":[[1,"«P»"]]}',
    'a name in German': '{"Benutzer":"bob","Passwort":"«P»"}',
    'a name in Spanish': '{"contrase\u00f1a":"«P»"}',
  },
  'HTML and XML': {
    'JSON in an attribute':
      '<div data-x="{&quot;user&quot;:&quot;bob&quot;,&quot;password&quot;:&quot;«P»&quot;}">',
    'JSON with numbered quotes': '<p>{&#34;apiKey&#34;: &#34;«P»&#34;}</p>',
    'an element': '<password>«P»</password>',
    'an element with attributes': '<db:password encrypted="false">«P»</db:password>',
    CDATA: '<password><![CDATA[«P»]]></password>',
    'an attribute beside a name': '<add key="DbPassword" value="«P»" />',
    'a named element': '<entry key="smtp.password">«P»</entry>',
  },
  code: {
    Go: 'password := "«P»"',
    'Go, declared': 'var dbPassword string = "«P»"',
    TypeScript: 'const password: string = "«P»";',
    'a class member': "  private readonly apiKey: string = '«P»';",
    Java: 'private static final String PASSWORD = "«P»";',
    Kotlin: 'val clientSecret: String = "«P»"',
    Rust: 'let password: &str = "«P»";',
    C: 'static const char password[] = "«P»";',
    'the preprocessor': '#define MQTT_PASSWORD "«P»"',
    Python: 'PASSWORD = "«P»"',
    'Python, typed': 'password: str = "«P»"',
    'Python, a keyword': 'connect(user="bob", password="«P»")',
    'C#': 'var password = @"«P»";',
    PHP: "define('DB_PASSWORD', '«P»');",
    'PHP, an array': "'password' => '«P»',",
    PowerShell: '$password = "«P»"',
    'a builder': '.username("bob").password("«P»")',
    'a setter': 'headers.append("X-Api-Key", "«P»");',
    SQL: "ALTER USER bob WITH PASSWORD '«P»';",
    'a comparison': 'if (password === "«P»") {}',
    backticks: 'const password = `«P»`;',
    'backticks in Go': 'password := `«P»`',
    'a comment before the value': 'password = /* of staging */ "«P»";',
    'a comment before the sign': 'const password /* string */ = "«P»";',
    'a short name': 'db_pwd = "«P»"',
    'letters escaped in hexadecimal': '"p\\x61ss\\x77ord": "«P»"',
  },
  'configuration files': {
    dotenv: 'DB_PASSWORD=«P»\n',
    'dotenv, quoted': 'export API_KEY="«P»"\n',
    'a short name': 'DB_PASS=«P»\n',
    ini: '[db]\npassword = «P»\n',
    YAML: 'db:\n  password: «P»\n',
    'a YAML block': 'db:\n  password: |\n    «P»\n  host: x\n',
    'a folded YAML block': 'client_secret: >-\n  «P»\n',
    'a YAML list': 'password:\n  - «P»\n',
    'YAML, a value below': 'password:\n  value: «P»\n',
    TOML: 'token_secret = "«P»"\n',
    '.netrc': 'machine example.org login bob password «P»\n',
    '.netrc on lines': 'machine example.org\n  login bob\n  password «P»\n',
    'a connection string': '"Server=db;User Id=sa;Password=«P»;Encrypt=true"',
    'a connection string, turned round': '"Password=«P»;Server=db"',
    'a connection string with a short name': '"Server=db;Uid=sa;Pwd=«P»;"',
    'a connection string of storage':
      'DefaultEndpointsProtocol=https;AccountName=bob;AccountKey=«K»;EndpointSuffix=core.windows.net\n',
    'a connection string of a hub': [
      'HostName=h.example.org;SharedAccessKeyName=owner;SharedAccessKey',
      '«K»\n',
    ].join('='),
    'a name in German': 'Benutzer=bob\nPasswort=«P»\n',
    'a name in Spanish': 'contrase\u00f1a: «P»\n',
    libpq: 'host=db user=bob password=«P» dbname=x\n',
    'a URL': ['DATABASE_URL=postgres:', 'bob:«P»@db.example/x\n'].join('//'),
    'a Kubernetes secret with JSON': 'kind: Secret\ndata:\n  config.json: «B{"user":"bob","password":"P"}»\n',
    'a Kubernetes secret with dotenv': 'kind: Secret\ndata:\n  .env: «BUSER=bob\nDB_PASSWORD=P\n»\n',
  },
  'requests and logs': {
    'a form': 'grant_type=password&username=bob&password=«P»&scope=openid',
    'an escaped name in a form': 'username=bob&p%61ssword=«P»&scope=openid',
    'two escaped letters in a form': 'username=bob&p%61%73sword=«P»&scope=openid',
    'a short name in a form': 'uid=bob&pwd=«P»&scope=openid',
    'JSON in a URL': 'GET /x?q=%7B%22user%22%3A%22bob%22%2C%22password%22%3A%22«P»%22%7D',
    'a query': 'GET https://a.example/x?api_key=«P>»&y=1'.replace('«P>»', '«P»'),
    'an option': 'mysqldump --user bob --password «P» x',
    'an option with =': 'tool --client-secret=«P> x'.replace('«P>', '«P»'),
    Basic: 'Authorization: Basic «Bbob:P»',
    Bearer: 'curl -H "Authorization: Bearer «P»«P»" https://a.example',
    'a JWT': `got ${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: 'bob' })}.«P»`,
  },
  tables: {
    CSV: 'user,password\nbob,«P»\n',
    'semicolons below a comment': '# users\nName;Login;Password\nBob;bob;«P»\n',
    'CSV in German': 'Name;Benutzer;Kennwort\nPumpe;bob;«P»\n',
    'CSV in Spanish': 'usuario,contrase\u00f1a\nbob,«P»\n',
    'CSV in French': 'nom,mot de passe\nbob,«P»\n',
    'CSV with lines of an old Mac': 'user,password\rbob,«P»\r',
    Markdown: '| user | password |\n|---|---|\n| bob | «P» |\n',
    HTML: '<tr><th>User</th><th>Password</th></tr><tr><td>bob</td><td>«P»</td></tr>',
    'a database': ' login | password \n-------+---------\n bob   | «P»\n',
  },
};

/** @type {Record<string, readonly string[]>} */
const lookAlikes = {
  JSON: [
    '{"values":[{"key":"password","value":"","type":"secret"}]}',
    '{"values":[{"key":"password","value":"{{vault:x}}","type":"secret"}]}',
    '{"password":"[redacted]","client_secret":"********","api_key":"xxxxxxxx"}',
    '{"properties":{"password":{"type":"string","minLength":8,"description":"Password of the user 1"}}}',
    '{"rules":{"password":["required","string","min"]}}',
    '{"errors":{"password":["is too short"]}}',
    '{"required":["username","password"]}',
    '{"token_type":"Bearer","expires_in":300}',
    '{"password":null,"token":false,"max_tokens":4096}',
    '{"passwordLabel":"Enter 1 password","forgotPassword":"Forgot password?"}',
    '{"client_secret":"${env:CLIENT_SECRET}","password":"%DB_PASSWORD%"}',
    '{"password":{"value":"{{password}}"}}',
    '{"pwd":"/home/bob/project1","oldpwd":"C:\\\\Users\\\\bob"}',
    '[["user","password"],["bob",""],["al","{{password}}"]]',
    '{"columns":["id","password"],"rules":[["required","min:8"]]}',
    '{"required":["username","password"],"sizes":[["small","large"]]}',
    '{"Passwort":"","Kennwort":"********"}',
    '{"labels":{"password":"Passwort","username":"Benutzername"}}',
  ],
  'HTML and XML': [
    '<label for="password">Password</label><input name="password" type="password" value="">',
    '<div data-x="{&quot;password&quot;:&quot;&quot;,&quot;x&quot;:1}">',
    '<add key="password" value="#{DbPassword}" />',
    '<password>${db.password}</password>',
    '<tr><th>Server</th><th>Password</th></tr><tr><td>a</td><td>required</td></tr>',
  ],
  code: [
    'apikey=$apiKey',
    'curl -d "password=$password&apikey=$API_KEY1"',
    'const password = process.env.DB_PASSWORD1;',
    'password = os.environ["DB_PASSWORD1"]',
    "password = os.getenv('DB_PASSWORD1')",
    'api_key=config.apiKey1\n',
    'this.token = await readToken(file1);',
    'const { password } = await ask1();',
    'password: string; apiKey?: string; token: string | undefined',
    'function logIn(user: string, password: string): Token1 {}',
    'connect(user=user, password=password, host=host1)',
    'password := os.Getenv("DB_PASSWORD")',
    'const body = `password=${password}&token=${t.value1}`;',
    'cursor.execute("SELECT 1 WHERE password = %(password)s", {"password": password1})',
    'WHERE user = :user AND password = :password',
    'if (password === "") throw new Error("password: must not be empty");',
    'assert.equal(typeof password, "string");',
    'import { user, password, other1 } from "./x.js";',
    "pick(x, 'password', 'username1')",
    "z.string().password('required')",
    'final String password = request.getParameter("password");',
    'var password string\n',
    'let apiKey: String = Bundle.main.apiKey',
    'const url = `https://a.example?password=${password}`;',
    'password = `cat /run/secrets/db1`',
    'const pwd = process.cwd();',
    'const pwd = "/srv/app1";',
    'interface User {\n  username: string\n  password: string\n}',
    'type User {\n  username: String!\n  password: String!\n}',
    'class User:\n    username: str\n    password: str\n',
    'connect(\n    user=name,\n    password=password\n)',
    'username = ask("user")\npassword = getpass\n',
    'password /* of the user */: string',
    'user = other\npassword = found\n',
    'data class User(\n  val username: Name,\n  val password: Hidden\n)',
  ],
  'configuration files': [
    'DB_PASSWORD=\nAPI_KEY=${API_KEY}\nCLIENT_SECRET=$CLIENT_SECRET1\n',
    'password: ${{ secrets.PASSWORD_1 }}\n',
    'password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  62313365396662343061393464336163\n',
    'password: |\n  The password of the user, at least 8 characters.\n',
    "password: \"{{ lookup('env', 'DB_PASSWORD1') }}\"\n",
    'password: ENC[AES256_GCM,data:Tr7o=,iv:1=,tag:2=,type:str]\n',
    'password: changeme\ntoken: your-token-here1\napi_key: <your-api-key>\n',
    'secretKeyRef:\n  name: db-secret1\n  key: password\n',
    'password_file: /run/secrets/db1\nPASSWORD=/run/secrets/db1\n',
    'db.password=@db.password@\n',
    'machine example.org login bob password mypassword\n',
    '"Server=db;User Id=sa;Password={password};Encrypt=true"',
    'password = var.db_password1\n',
    'API_KEY=REPLACE_ME\n',
    'api_key: op://vault/item1/field\n',
    'kind: Secret\ndata:\n  x.json: «B{"user":"bob","password":""}»\n',
    'image: «Bthis is about a password, not one»\n',
    'PWD=/home/bob/project1\nOLDPWD=/root\n',
    'Server=db;Uid=sa;Pwd={pwd};',
    'AccountName=bob;AccountKey={{key}};EndpointSuffix=core.windows.net',
    'SharedAccessKeyName=RootManageSharedAccessKey',
    'de:\n  username: Benutzername\n  password: Passwort\n',
    'es:\n  username: usuario\n  password: contrase\u00f1a\n',
    'properties:\n  username: string\n  password: string\n',
    'user:\n  password: required\n  email: optional\n',
    'DATABASE_URL=postgres://user:${DB_PASSWORD}@db.example/x\n',
  ],
  'prose and logs': [
    'The password: at least 8 characters. A token=… in a query. Bearer authentication.',
    'Set the password with `--password VALUE` or `--password-file FILE1`.',
    'Run it with password=<password> and token=<token1>.',
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 Change the password dialog',
    'It begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.',
    'TOKEN=eyJhbGciOiJSUzI1NiJ9…',
    'id 7fc1bc71-b90f-49e2-8758-54cf1bfb3dc9, integrity sha512-abcDEF0123456789abcDEF0123456789',
    'https://a.example:443/x@y http://user@a.example https://unpkg.com/a:b/c@1.2.3',
    'level=info msg="password changed" user=bob1',
    'Das Passwort: mindestens 8 Zeichen. La contrase\u00f1a: al menos 8 caracteres.',
    'The shell keeps its folder in pwd: a built-in that prints it, as pwd -P1 does.',
    'The crowd = 1000 people, and a forward" = x1.',
    'GET /caf%c3%a9?x=%61%62%63&y=pass%20by1',
    'The columns are: Name, HTTP Username, Password.\nThey come in order, one device a row, with all, values1.\n',
  ],
  tables: [
    'user,password\nbob,[Password]\nal,********\n',
    'user,password\n',
    'Benutzer;Kennwort\nbob;********\n',
    '| option | meaning |\n|---|---|\n| user | its name |\n| password | the password |\n| `Created` | Yes1 |\n',
    'SELECT id, name, password\nFROM users, roles, x1\nWHERE a, b, c1;\n',
  ],
};

/** The key of an account, as storage services issue them. */
const key = `${random('c', 43)}q+/Ab==`;

/** Texts in which the context shows that a plain word is a password. */
const wordShapes = {
  dotenv: 'DB_USER=bob\nDB_PASSWORD=sunshine\n',
  'YAML below a user': 'db:\n  username: bob\n  password: sunshine\n',
  'YAML above a host': 'db:\n  password: sunshine\n  host: db.example\n',
  ini: '[client]\nuser = root\npassword = sunshine\n',
  'a YAML list of users': '- user: bob\n  password: sunshine\n',
};

/** Passwords as people and machines choose them. */
const values = [random('a'), random('b', 24), 'hunter22-typed', 'S0mmer!2026'];

/** @param {string} text @param {string} value */
function fill(text, value) {
  const encoded = text.replace(/«B(.*?)»/gs, (_, inner) => base64(inner.replace(/P(?=["\n]|$)/, value)));
  return encoded.replaceAll('«K»', key).replaceAll('«P»', text.includes('&quot;') ? html(value) : value);
}

/**
 * @typedef {object} Sample
 * @property {string} group
 * @property {string} name
 * @property {string} text
 * @property {boolean} isLeak
 */

/** @type {readonly Sample[]} */
export const corpus = [
  ...Object.entries(shapes).flatMap(([group, named]) =>
    Object.entries(named).flatMap(([name, text]) =>
      values
        .slice(0, text.includes('«K»') ? 1 : values.length)
        // A bearer token and a JWT have no other characters.
        .filter((value) => !/Bearer|JWT|URL|query/.test(name) || /^[\w-]+$/.test(value))
        .map((value) => ({ group, name, text: fill(text, value), isLeak: true })),
    ),
  ),
  ...Object.entries(wordShapes).map(([name, text]) => ({
    group: 'configuration files',
    name: `a plain word in ${name}`,
    text,
    isLeak: true,
  })),
  ...Object.entries(lookAlikes).flatMap(([group, texts]) =>
    texts.map((text) => ({ group, name: text, text: fill(text, ''), isLeak: false })),
  ),
];
