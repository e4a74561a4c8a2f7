import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";

/** Private keys on this machine until they are stored in a stack's secret: one file for each key, readable by its owner. */
export class KeyFiles {
  private readonly folder: string;

  constructor(environment: string, folder = join(localFolder, "playback-keys")) {
    this.folder = join(folder, environment);
  }

  fileOf(name: string): string {
    return join(this.folder, `${name}.pem`);
  }

  /** Makes an RSA pair of 2048 bits, which CloudFront accepts, and keeps its private key. Returns the public key in PEM. */
  create(name: string): string {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2_048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.fileOf(name), privateKey, { mode: 0o600, flag: "wx" });
    return publicKey;
  }

  /** The private key in PEM; undefined if it is not on this machine. */
  read(name: string): string | undefined {
    return existsSync(this.fileOf(name)) ? readFileSync(this.fileOf(name), "utf8") : undefined;
  }

  remove(name: string): void {
    rmSync(this.fileOf(name), { force: true });
  }
}
