import { createPublicKey, type KeyObject } from "node:crypto";

/** The key of a PEM; undefined when it is none. A private key is none, although Node would derive the public one. */
function parse(pem: string): KeyObject | undefined {
  if (!/^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem)) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

/**
 * A public key as the same text, however its PEM was written: with or without a last newline, with CRLF, as PKCS #1.
 * Terraform replaces a key whose text has changed. Throws when it is no public key.
 */
export function canonicalPem(pem: string): string {
  const key = parse(pem);
  if (key === undefined) throw new Error(`a public key must be in PEM, got ${describeKey(pem)}`);
  return key.export({ type: "spki", format: "pem" }).toString();
}

/**
 * Whether CloudFront takes a key for signed cookies: RSA of 2048 bits, or ECDSA on P-256.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublicKey.html
 */
export function isPlaybackKey(pem: string): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = parse(pem) ?? {};
  return type === "rsa"
    ? details?.modulusLength === 2_048
    : type === "ec" && details?.namedCurve === "prime256v1";
}

/** What a text is, without any of it: it may be a private key. */
export function describeKey(pem: unknown): string {
  if (typeof pem !== "string") return pem === undefined ? "nothing" : "no text";
  const key = parse(pem);
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `an RSA key of ${modulusLength} bits`;
  if (key !== undefined) return `a key of ${namedCurve ?? key.asymmetricKeyType}`;
  const [, label] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem) ?? [];
  if (label === "PUBLIC KEY") return "a PEM that can't be read";
  return label === undefined ? "a text that is no PEM" : `a PEM of ${label}`;
}
