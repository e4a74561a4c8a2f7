import { createPublicKey } from "node:crypto";
import { App } from "cdktf";
import { environments } from "../stacks/environments";
import { byAccount, FoundationStack } from "../stacks/foundation-stack";
import { checkEnvironments, type EnvironmentSettings } from "../stacks/settings";
import { StreamflowStack } from "../stacks/streamflow-stack";

/** A number of environments: the real ones, and copies with other names, accounts and domains. */
export function grown(count: number): EnvironmentSettings[] {
  return Array.from({ length: count }, (_, index) => {
    const settings = environments[index % environments.length];
    if (settings === undefined) throw new Error("stacks/environments.ts has no environment");
    if (index < environments.length) return settings;
    const account = String(400_000_000_000 + index);
    const copied: { -readonly [Key in keyof EnvironmentSettings]: EnvironmentSettings[Key] } = {
      ...settings,
    };
    // one environment can have them
    delete copied.pullRequests;
    return {
      ...copied,
      name: `more${index}`,
      account,
      domain: `n${index}.${settings.domain}`,
      state: { kind: "s3", bucket: `streamflow-state-${account}`, region: settings.region },
      // The sample's repository, addresses and key are rejected in other accounts; any others work.
      repository: "bench/streamflow",
      alarms: withOwnAddresses(settings.alarms),
      budget: withOwnAddresses(settings.budget),
      edge: { ...settings.edge, playbackKeys: { own: OWN_KEY } },
    };
  });
}

/** A group of settings with addresses that belong to no one. */
function withOwnAddresses<Group extends object>(group: Group): Group {
  return "emails" in group ? { ...group, emails: ["bench@example.com"] } : group;
}

/** A public key without a known private key. */
const OWN_KEY = createPublicKey({
  key: { kty: "RSA", n: Buffer.alloc(256, 0xc5).toString("base64url"), e: "AQAB" },
  format: "jwk",
})
  .export({ type: "spki", format: "pem" })
  .toString();

/** Like main.ts, with more environments: `grown.ts COUNT OUTDIR`. */
if (require.main === module) {
  process.setSourceMapsEnabled(false);
  const [count, outdir = "cdktf.out"] = process.argv.slice(2);
  const all = grown(Number(count));
  checkEnvironments(all);
  const app = new App({ outdir });
  byAccount(all).forEach((together) => new FoundationStack(app, together));
  all.forEach((settings) => new StreamflowStack(app, settings));
  app.synth();
}
