/** Name endings without meaning for secrecy: `password_value`, `secret_string`, `token2`. */
const SUFFIXES =
  /(?:_(?:value|string|text|binary|base64|b64|base|plain|plaintext|pem|openssh|data|old|new|current|previous|\d+))+$/;

/** Name endings, in words joined by `_`, of secret values. */
const SECRET = new RegExp(
  "(?:^|_)(?:" +
    [
      "[a-z\\d]*(?:password|passwd|passphrase|secret|token)",
      "pass|pwd|passcode|auth|authorization|cookie|credentials?|connection_string",
      "(?:api|private|secret|access|account|encryption|signing|shared|master)_?key",
    ].join("|") +
    ")\\d*$",
);

/** Tokens that only identify requests or pages. */
const HARMLESS = /(?:^|_)(?:next|page|pagination|continuation|creation|client|request|idempotency)_token$/;

/** Names of locations of secrets, or of public values. */
const PLACES: readonly RegExp[] = [
  /^(?:arn:|alias\/|projects\/[^/]+\/secrets\/|\$\{|\{\{|\([a-z]\w*\.|https?:\/\/[^@]*$)/,
  /^(?:true|false|null|\d{1,4}|[A-Z_]{1,24})$/,
  // Units and modes, such as Cognito's token_validity_units.
  /^(?:seconds|minutes|hours|days|none|optional|required|enabled|disabled|default|iam|jwt)$/i,
];

/** Cache: plans repeat the same names in every resource. */
const knownNames = new Map<string, boolean>();

/** Whether values of this name are secret; `dbPassword`, `db-password` and `DB_PASSWORD` are equal. */
export function isSecretName(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const secret = saysSecret(name);
  knownNames.set(name, secret);
  return secret;
}

function saysSecret(name: string): boolean {
  const whole = snakeCase(name);
  return [whole, whole.replace(SUFFIXES, "")].some((one) => SECRET.test(one) && !HARMLESS.test(one));
}

/** Whether a value is public although its name looks secret. */
export function isPlace(value: string): boolean {
  return value === "" || PLACES.some((place) => place.test(value));
}

/** Whether a word of a script or template is a variable: `$TOKEN`, `%PASSWORD%`, `<secret>`. */
export function isVariable(word: string): boolean {
  return /^(?:\$[({\w]|`|%|<)/.test(word);
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "_");
}
