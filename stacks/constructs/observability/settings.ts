import * as z from "zod";
import { REGIONS } from "../../lib/aws-regions";
import {
  decimal,
  group,
  list,
  oneOf,
  oneOfKinds,
  rule,
  type Settings,
  text,
  textThat,
  wholeNumber,
} from "../../lib/schema";

export const tracingSchema = group({
  /**
   * Share of requests that are traced, 0 to 1, in addition to the first request of each second.
   * @cost $5 per million traces.
   */
  samplingRate: decimal({ least: 0, most: 1 }),
});

export type TracingSettings = Settings<typeof tracingSchema>;

const email = () => text({ pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, allowed: "an e-mail address" });

export const alarmsSchema = group({
  /** Team that owns the alarms; named in each alarm. */
  owner: text({ pattern: /^[\w -]{2,40}$/, allowed: 'the name of a team such as "platform"' }),
  /** E-mail recipients of all alarms; each address must confirm its subscription once. */
  emails: list(email(), { items: "e-mail addresses" }),
  /**
   * HTTPS endpoints that receive pages only and confirm their subscription automatically, such as PagerDuty's.
   * @risk Anyone with this URL can trigger a page.
   */
  pagers: list(
    textThat((value) => /^https:\/\/[^\s/]+\/\S+$/.test(value) && URL.canParse(value), {
      allowed: "an https URL with a path",
    }),
    { items: "https URLs" },
  ),
}).check(
  rule(
    ["emails", "pagers"],
    "`alarms` has at least one address in `emails` or `pagers`.",
    ({ emails, pagers }, reject) => {
      if (emails.length + pagers.length > 0) return;
      reject("emails", emails, { allowed: "at least one address", why: "alarms need a recipient" });
    },
  ),
  rule(
    ["emails", "pagers"],
    "Addresses of `alarms` differ in more than punctuation; pagers are on different hosts.",
    ({ emails, pagers }, reject) => {
      const subscribers = [
        ...emails.map((value, index) => ({ value, path: ["emails", index], id: emailId(value) })),
        ...pagers.map((value, index) => ({ value, path: ["pagers", index], id: pagerId(value) })),
      ];
      subscribers.forEach(({ value, path, id }, index) => {
        const first = subscribers.slice(0, index).find((other) => other.id === id);
        if (first === undefined) return;
        const isSameHost = path[0] === first.path[0] && path[0] === "pagers";
        reject(path, value, {
          allowed: isSameHost
            ? "on a different host"
            : `different from "${first.value}" in at least one letter or digit`,
          why: `"${first.value}" has the same construct id, ${id}`,
        });
      });
    },
  ),
);

export type AlarmSettings = Settings<typeof alarmsSchema>;

const plain = (endpoint: string): string => endpoint.replace(/[^a-z0-9]/gi, "-");

/** Construct id of a subscription. */
export const emailId = (address: string): string => `to-${plain(address)}`;
export const pagerId = (url: string): string => `to-${plain(new URL(url).hostname)}`;

/** Settings of a feature, or `{ off }`. */
type OrOff<On> = On | { readonly off: string };

const percent = () =>
  decimal({
    least: 94,
    below: 100,
    unit: "percent",
    why: "100 leaves no error budget, and below 94 even a total failure can't reach burn rate 14.4",
  });
const milliseconds = () => wholeNumber({ least: 1, most: 86_400_000, unit: "ms" });

/** Service level objectives over 30 days. */
export const sloSchema = group({
  /** Percentage of API requests without a server error. */
  availability: percent(),
  /** Latency objective of the API. */
  latency: group({
    /** Percentage of requests that must meet the limit. */
    percent: percent(),
    /** The limit, in milliseconds. */
    milliseconds: milliseconds(),
  }),
  /** Objective for the time from upload to a playable video. */
  ready: group({
    /** Percentage of videos that must meet the limit. */
    percent: percent(),
    /** The limit, in milliseconds. */
    milliseconds: milliseconds(),
  }),
  /** Minimum events in the long window for an alarm to fire, so that single failures don't page. */
  minimum: group({
    /** API requests. */
    requests: wholeNumber({ least: 1, most: 1_000_000, unit: "requests" }),
    /** Videos uploaded. */
    videos: wholeNumber({ least: 1, most: 1_000_000, unit: "videos" }),
  }),
});

export type SloSettings = Settings<typeof sloSchema>;

export const sloRequiresAlarms = rule<{ slo: OrOff<object>; alarms: OrOff<object> }>(
  ["slo", "alarms"],
  "`slo` needs `alarms`.",
  ({ slo, alarms }, reject) => {
    if ("off" in slo || !("off" in alarms)) return;
    reject("slo", slo, { allowed: "off if alarms are off", why: "SLO alarms need a recipient" });
  },
);

export const budgetSchema = group({
  /** Monthly budget of the account, in US dollars. */
  monthlyUsd: wholeNumber({ least: 1, most: 10_000_000, unit: "US dollars" }),
  /** E-mail recipients, in addition to the alarms' topic. */
  emails: list(email(), {
    most: 10,
    items: "e-mail addresses",
    why: "AWS Budgets allows 10 per notification",
  }),
});

export type BudgetSettings = Settings<typeof budgetSchema>;

export const budgetHasRecipient = rule<{ budget: OrOff<{ emails: string[] }>; alarms: OrOff<object> }>(
  ["budget", "alarms"],
  "Without `alarms`, `budget.emails` has at least one address.",
  ({ budget, alarms }, reject) => {
    if ("off" in budget || budget.emails.length > 0 || !("off" in alarms)) return;
    reject("budget.emails", budget.emails, {
      allowed: "at least one address if alarms are off",
      why: "a budget needs a recipient",
    });
  },
);

/** Id in the identity store of IAM Identity Center, such as `906786f2a1-10a2b3c4-…`. */
const identityId = () =>
  text({
    pattern: /^([0-9a-f]{10}-)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
    allowed: "an id of IAM Identity Center (aws identitystore list-users, list-groups)",
  });

const assertionValue = () =>
  text({ pattern: /^\S(.{0,254}\S)?$/, allowed: "a value of 1 to 256 characters" });

/** How people sign in to Grafana, and who administers it: a new workspace has no administrator. */
export const grafanaSchema = oneOfKinds([
  group({
    /** `identity-center`: IAM Identity Center. `saml`: an identity provider of your own. */
    kind: z.literal("identity-center"),
    /** With `identity-center`: ids of users who administer the workspace. They give others their roles. */
    adminUsers: list(identityId(), { items: "ids of users" }),
    /** With `identity-center`: ids of groups whose users administer the workspace. */
    adminGroups: list(identityId(), { items: "ids of groups" }),
    /**
     * With `identity-center`: region in which it is enabled. Plan and deployment are refused without it.
     * @default the environment's region
     */
    identityCenterRegion: oneOf(REGIONS).optional(),
  }).check(
    rule(
      ["adminUsers", "adminGroups"],
      "`grafana` has at least one of `adminUsers` and `adminGroups`.",
      ({ adminUsers, adminGroups }, reject) => {
        if (adminUsers.length + adminGroups.length > 0) return;
        reject("adminUsers", adminUsers, {
          allowed: "at least one user if adminGroups is empty",
          why: "a new workspace has no administrator",
        });
      },
    ),
  ),
  group({
    kind: z.literal("saml"),
    /** With `saml`: URL of the provider's metadata. */
    metadataUrl: textThat((value) => /^https:\/\/\S+$/.test(value) && URL.canParse(value), {
      allowed: "an https URL",
    }),
    /** With `saml`: attribute of the assertion that contains the role. */
    roleAttribute: assertionValue(),
    /** With `saml`: values of the attribute that make administrators. */
    adminRoles: list(assertionValue(), { least: 1, items: "values" }),
    /** With `saml`: values of the attribute that make editors. */
    editorRoles: list(assertionValue(), { least: 1, items: "values" }),
  }),
]);

export type GrafanaSettings = Settings<typeof grafanaSchema>;

export const syntheticCheckSchema = group({
  /** Minutes from one check to the next. The alarm fires after three periods without a success. */
  everyMinutes: wholeNumber({ least: 5, most: 240, unit: "minutes" }),
  /** Minutes after its upload within which the check's video must be ready. */
  readyWithinMinutes: wholeNumber({
    least: 1,
    most: 12,
    unit: "minutes",
    why: "a function runs for 15 minutes at most",
  }),
});

export type SyntheticCheckSettings = Settings<typeof syntheticCheckSchema>;

const MINUTES_PER_DAY = 1_440;
/** Length of all videos of a day in minutes, with room: the most checks, of one second each, are 5 minutes. */
const CHECKED_MINUTES = 10;

export const checksFitQuotas = rule<{
  syntheticCheck?: SyntheticCheckSettings | undefined;
  quotas: { videos: number; minutes: number };
}>(
  ["syntheticCheck", "quotas"],
  "With `syntheticCheck`, `quotas.videos` is at least twice the checks of 24 hours, and `quotas.minutes` at least 10.",
  ({ syntheticCheck, quotas }, reject) => {
    if (syntheticCheck === undefined) return;
    const why = "the quotas of creators apply to the check too";
    const videos = 2 * Math.ceil(MINUTES_PER_DAY / syntheticCheck.everyMinutes);
    if (quotas.videos < videos) {
      reject("quotas.videos", quotas.videos, {
        allowed: `at least ${videos} with a check every ${syntheticCheck.everyMinutes} minutes`,
        why,
      });
    }
    if (quotas.minutes < CHECKED_MINUTES) {
      reject("quotas.minutes", quotas.minutes, { allowed: `at least ${CHECKED_MINUTES} with a check`, why });
    }
  },
);
