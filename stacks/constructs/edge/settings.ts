import { describeKey, isPlaybackKey } from "../../lib/public-key";
import {
  group,
  hostName,
  list,
  named,
  oneOf,
  onOrReason,
  rule,
  type Settings,
  text,
  textThat,
  wholeNumber,
} from "../../lib/schema";

/** AWS's managed rule groups by the names that settings use. */
export const MANAGED_GROUPS = ["ipReputation", "knownBadInputs", "common", "sql"] as const;

export const firewallSchema = group({
  /**
   * Requests that one address may send in five minutes before it is blocked for a while.
   * @risk Many viewers behind one address share it.
   */
  rateLimit: wholeNumber({ least: 10, most: 2_000_000_000, unit: "requests in five minutes" }),
  /**
   * AWS's managed rule groups.
   * @cost A dollar a month for each, in each web ACL.
   */
  managedGroups: list(oneOf(MANAGED_GROUPS), { items: "managed rule groups" }),
  /**
   * A web ACL for CloudFront besides the region's, or why not.
   * @cost 5 $ a month, a dollar for each rule, and 0.60 $ for a million requests.
   * @risk Without it, whoever knows the API's own name gets around CloudFront.
   */
  edge: onOrReason(),
});

export type FirewallSettings = Settings<typeof firewallSchema>;

/** Ids of other constructs beside the keys. */
const TAKEN_KEY_NAMES = ["Default", "private-keys"];

const keyName = textThat((name) => /^[\w-]{1,64}$/.test(name) && !TAKEN_KEY_NAMES.includes(name), {
  allowed: `a name of up to 64 letters, digits, hyphens and underscores, other than ${TAKEN_KEY_NAMES.join(" and ")}`,
});

export const edgeSchema = group({
  /**
   * Where CloudFront serves from: `PriceClass_100` is North America and Europe, `PriceClass_All` the world.
   * @cost Traffic to other continents costs more.
   */
  priceClass: oneOf(["PriceClass_100", "PriceClass_200", "PriceClass_All"]),
  /**
   * Public keys (RSA 2048 or ECDSA P-256, in PEM) whose private halves sign the cookies of viewers, by a name of their
   * own. Two for a rotation: add the new one, sign with it, remove the old one when its cookies have expired.
   * @risk Removing a key ends playback for those whose cookies it signed.
   */
  playbackKeys: named({
    name: keyName,
    value: textThat(isPlaybackKey, {
      allowed: "a public key in PEM, RSA of 2048 bits or ECDSA on P-256",
      why: "CloudFront takes no other",
      got: describeKey,
    }),
    least: 1,
    most: 5,
    items: "keys",
    why: "CloudFront takes five to a group, and without one nobody can play anything",
  }),
}).check(
  rule(["playbackKeys"], ({ playbackKeys }, reject) => {
    const names = Object.keys(playbackKeys);
    names.forEach((name, index) => {
      const first = names.slice(0, index).find((other) => addressOf(other) === addressOf(name));
      if (first === undefined) return;
      reject(["playbackKeys", name], name, {
        allowed: `a name that differs from ${first} in more than hyphens and underscores`,
        why: "both would have the same Terraform address",
      });
    });
  }),
);

export type EdgeSettings = Settings<typeof edgeSchema>;

const addressOf = (name: string): string => name.replaceAll("-", "_");

export const appSchema = group({
  /** Branch that is deployed; it is a part of the console's host name. */
  branch: text({
    pattern: /^(?=.{1,63}$)[A-Za-z0-9]+(-+[A-Za-z0-9]+)*$/,
    allowed: 'the name of a branch such as "main", of letters, digits and hyphens',
    why: "Amplify makes a host name of it",
  }),
  /** What Amplify calls the branch's purpose. */
  stage: oneOf(["PRODUCTION", "BETA", "DEVELOPMENT"]),
  /**
   * Repository that Amplify builds at each push, such as `https://github.com/you/streamflow`.
   * @default none: `aws amplify start-deployment` deploys
   * @risk Terraform asks for a token (`TF_VAR_amplify_access_token`), which ends in its state.
   */
  repository: text({
    pattern: /^https:\/\/[\w.-]+\/[\w./-]+$/,
    allowed: 'an https URL of a repository such as "https://github.com/you/streamflow"',
  }).optional(),
  /**
   * A host name of Amplify's own, besides CloudFront's.
   * @default none
   */
  domain: hostName("console.streamflow.com").optional(),
});

export type WebAppSettings = Settings<typeof appSchema>;

/** CloudFront and Amplify, which is a CloudFront too, can't both have a host name. */
export const appHasDomainOfItsOwn = rule<{ domain: string; app: { domain?: string | undefined } }>(
  ["domain", "app.domain"],
  ({ domain, app }, reject) => {
    if (app.domain !== domain) return;
    reject("app.domain", domain, {
      allowed: "another host name than domain",
      why: "CloudFront gives a host name to one distribution only",
    });
  },
);
