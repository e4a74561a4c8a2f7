import { createPublicKey, type KeyObject } from "node:crypto";

/**
 * Parses a public key in PEM; undefined for other texts, also private keys, from which Node.js would derive the public
 * key.
 */
function parse(pem: string): KeyObject | undefined {
  if (!/^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem)) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

/**
 * A public key in canonical PEM, independent of final newline, CRLF or PKCS #1, because Terraform replaces keys whose
 * text changes. Throws if it is not a public key.
 */
export function canonicalPem(pem: string): string {
  const key = parse(pem);
  if (key === undefined) throw new Error(`a public key must be in PEM, got ${describeKey(pem)}`);
  return key.export({ type: "spki", format: "pem" }).toString();
}

/**
 * Whether CloudFront supports a key for signed cookies: RSA 2048 or ECDSA P-256.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublicKey.html
 */
export function isPlaybackKey(pem: string): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = parse(pem) ?? {};
  return type === "rsa"
    ? details?.modulusLength === 2_048
    : type === "ec" && details?.namedCurve === "prime256v1";
}

/** Description of a text without its content, which may be a private key. */
export function describeKey(pem: unknown): string {
  if (typeof pem !== "string") return pem === undefined ? "nothing" : "no text";
  const key = parse(pem);
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `an RSA key of ${modulusLength} bits`;
  if (key !== undefined) return `a key of ${namedCurve ?? key.asymmetricKeyType}`;
  const [, label] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem) ?? [];
  if (label === "PUBLIC KEY") return "a PEM that can't be read";
  return label === undefined ? "a text that is not PEM" : `a PEM of ${label}`;
}
