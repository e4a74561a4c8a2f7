import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";
import { lock } from "@packages/cli-kit/lock";
import { writeWhole } from "@packages/cli-kit/write-whole";

export interface KeyPair {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface CertificateAuthority extends KeyPair {
  /** CA file for clients, in place of the runtime's certificate file. */
  readonly certFile: string;
}

const day = 86_400_000;

async function makeAuthority(): Promise<KeyPair> {
  const made = await generate([{ name: "commonName", value: "Embedded AWS CA" }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + 3650 * day),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

function usable(cert: string): boolean {
  return Date.parse(new X509Certificate(cert).validTo) > Date.now() + 30 * day;
}

/**
 * The CA in the folder, created if missing or about to expire. Only this project's processes trust it; its key stays in
 * the folder.
 */
export async function certificateAuthority(folder: string): Promise<CertificateAuthority> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [keyFile, certFile] = [join(folder, "ca-key.pem"), join(folder, "ca.pem")];
  const held = await lock(join(folder, "ca.lock"));
  try {
    if (!existsSync(certFile) || !existsSync(keyFile) || !usable(readFileSync(certFile, "utf8"))) {
      const made = await makeAuthority();
      writeWhole(keyFile, made.key, { mode: 0o600 });
      writeWhole(certFile, made.cert);
    }
  } finally {
    held.release();
  }
  return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8"), certFile };
}

/** A certificate for a server with that host name, signed by the authority. */
export async function serverCertificate(authority: KeyPair, host: string): Promise<KeyPair> {
  const made = await generate([{ name: "commonName", value: host.slice(0, 64) }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + 365 * day),
    ca: { key: authority.key, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
  return { key: made.private, cert: made.cert };
}
