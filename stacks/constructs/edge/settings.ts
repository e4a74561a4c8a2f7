import * as z from "zod";
import { describeKey, isPlaybackKey } from "../../lib/public-key";
import {
  group,
  hostName,
  list,
  named,
  oneOf,
  oneOfKinds,
  onOrReason,
  rule,
  type Settings,
  text,
  textThat,
  trueOrFalse,
  wholeNumber,
} from "../../lib/schema";

const certificateArn = (region: string, example: string) =>
  text({
    pattern: new RegExp(`^arn:aws:acm:${region}:\\d{12}:certificate/[0-9a-f-]{36}$`),
    allowed: `the ARN of a certificate in AWS Certificate Manager in ${example}`,
  });

/** Host name of the load balancer, which CloudFront calls. */
export const originNameOf = (domain: string): string => `origin.${domain}`;

/** How the domain becomes the environment's public address. */
export const dnsSchema = oneOfKinds([
  group({
    /** `route53`: the stack creates certificates and DNS records. `certificates`: you create both; see docs/delivery.md. */
    kind: z.literal("route53"),
    /** With `route53`: id of the domain's zone. */
    hostedZoneId: text({
      pattern: /^Z[A-Z0-9]{5,31}$/,
      allowed: 'the id of a Route 53 zone, such as "Z0123456789ABCDEFGHIJ"',
    }),
  }),
  group({
    kind: z.literal("certificates"),
    /** With `certificates`: issued certificate of `domain` for CloudFront, in us-east-1. */
    edgeCertificateArn: certificateArn("us-east-1", "us-east-1"),
    /** With `certificates`: issued certificate of `origin.` and `domain` for the load balancer, in its region. */
    originCertificateArn: certificateArn("[a-z0-9-]+", "the environment's region"),
  }),
]);

export type DnsSettings = Settings<typeof dnsSchema> | { readonly off: string };

export const originCertificateIsInRegion = rule<{ dns: DnsSettings; region: string }>(
  ["dns", "region"],
  "`dns.originCertificateArn` is a certificate in `region`.",
  ({ dns, region }, reject) => {
    if ("off" in dns || dns.kind !== "certificates") return;
    if (dns.originCertificateArn.split(":")[3] === region) return;
    reject("dns.originCertificateArn", dns.originCertificateArn, {
      allowed: `a certificate in ${region}`,
      why: "a load balancer only uses certificates of its own region",
    });
  },
);

/** AWS managed rule groups, by their names in settings. */
export const MANAGED_GROUPS = ["ipReputation", "knownBadInputs", "common", "sql"] as const;

export const firewallSchema = group({
  /**
   * Requests per IP address in 5 minutes before it is blocked temporarily.
   * @risk Many viewers behind one address share it.
   */
  rateLimit: wholeNumber({ least: 10, most: 2_000_000_000, unit: "requests per 5 minutes" }),
  /**
   * AWS managed rule groups.
   * @cost $1 per month for each, in each web ACL.
   */
  managedGroups: list(oneOf(MANAGED_GROUPS), { items: "managed rule groups" }),
  /**
   * A web ACL for CloudFront, in addition to the regional one.
   * @cost $5 per month, $1 per rule, and $0.60 per million requests.
   * @risk Without it, anyone who knows the API's own host name can bypass CloudFront.
   */
  edge: onOrReason(),
});

export type FirewallSettings = Settings<typeof firewallSchema>;

/** Construct ids next to the keys. */
const RESERVED_KEY_NAMES = ["Default", "private-keys"];

const keyName = textThat((name) => /^[\w-]{1,64}$/.test(name) && !RESERVED_KEY_NAMES.includes(name), {
  allowed: `a name of up to 64 letters, digits, hyphens and underscores, other than ${RESERVED_KEY_NAMES.join(" and ")}`,
});

export const edgeSchema = group({
  /**
   * CloudFront locations: `PriceClass_100` is North America and Europe, `PriceClass_All` the world.
   * @cost Traffic to other continents costs more.
   */
  priceClass: oneOf(["PriceClass_100", "PriceClass_200", "PriceClass_All"]),
  /**
   * Public keys by name (PEM; RSA 2048 or ECDSA P-256) that verify viewers' cookies. To rotate: add the new key, sign
   * with it, remove the old key after its cookies have expired.
   * @risk Removing a key ends playback for cookies that it signed.
   */
  playbackKeys: named({
    name: keyName,
    value: textThat(isPlaybackKey, {
      allowed: "a public key in PEM, RSA of 2048 bits or ECDSA on P-256",
      why: "CloudFront supports no other keys",
      got: describeKey,
    }),
    least: 1,
    most: 5,
    items: "keys",
    why: "a CloudFront key group has at most five keys, and playback needs one",
  }),
  /**
   * Whether CloudFront's copies of a deleted video are invalidated, within about a minute. Deploy the foundation first: the
   * roles' boundary permits the call from this version on.
   * @default false: viewers whose cookies or signed paths are valid can still fetch what CloudFront has cached
   * @cost $0.005 for each deleted video or upload beyond the account's first 1 000 a month. The synthetic check deletes one each
   * time: every 10 minutes, these are $17 a month.
   * @risk With `protect`, the pipeline may not delete the queues of this setting: after it is turned off, a person applies
   * the plan.
   */
  invalidateDeleted: trueOrFalse().optional(),
}).check(
  rule(
    ["playbackKeys"],
    "Names in `edge.playbackKeys` differ in more than hyphens and underscores.",
    ({ playbackKeys }, reject) => {
      const names = Object.keys(playbackKeys);
      names.forEach((name, index) => {
        const first = names.slice(0, index).find((other) => addressOf(other) === addressOf(name));
        if (first === undefined) return;
        reject(["playbackKeys", name], name, {
          allowed: `a name that differs from ${first} in more than hyphens and underscores`,
          why: "both would have the same Terraform address",
        });
      });
    },
  ),
);

export type EdgeSettings = Settings<typeof edgeSchema>;

export const invalidationsReachQueue = rule<{
  edge: { invalidateDeleted?: boolean | undefined };
  network: { nat: string; endpoints: string[] };
}>(
  ["edge", "network"],
  'With `edge.invalidateDeleted` and `network.nat` "none", `network.endpoints` contains "sqs".',
  ({ edge, network }, reject) => {
    if (edge.invalidateDeleted !== true || network.nat !== "none" || network.endpoints.includes("sqs"))
      return;
    reject("edge.invalidateDeleted", true, {
      allowed: 'false, or network.endpoints must contain "sqs"',
      why: "the media function could not reach the queue of deleted videos, and deletions would fail",
    });
  },
);

const addressOf = (name: string): string => name.replaceAll("-", "_");

export const appSchema = group({
  /** Branch that Amplify deploys; part of the console's host name. */
  branch: text({
    pattern: /^(?=.{1,63}$)[A-Za-z0-9]+(-+[A-Za-z0-9]+)*$/,
    allowed: 'the name of a branch such as "main", of letters, digits and hyphens',
    why: "Amplify uses it in a host name",
  }),
  /** Amplify's stage of the branch. */
  stage: oneOf(["PRODUCTION", "BETA", "DEVELOPMENT"]),
  /**
   * Repository that Amplify builds at each push, such as `https://github.com/you/streamflow`.
   * @default none: `npm run deploy` publishes the console
   * @risk Terraform needs a token (`TF_VAR_amplify_access_token`) and stores it in its state.
   */
  repository: text({
    pattern: /^https:\/\/[\w.-]+\/[\w./-]+$/,
    allowed: 'an https URL of a repository such as "https://github.com/you/streamflow"',
  }).optional(),
  /**
   * Separate host name of the console, in addition to CloudFront's.
   * @default none
   */
  domain: hostName("console.streamflow.com").optional(),
});

export type WebAppSettings = Settings<typeof appSchema>;

/** CloudFront and Amplify, which uses CloudFront, can't share a host name. */
export const appDomainIsUnique = rule<{ domain: string; app: { domain?: string | undefined } }>(
  ["domain", "app.domain"],
  "`app.domain` differs from `domain`.",
  ({ domain, app }, reject) => {
    if (app.domain !== domain) return;
    reject("app.domain", domain, {
      allowed: "a host name other than domain",
      why: "CloudFront allows a host name on one distribution only",
    });
  },
);
