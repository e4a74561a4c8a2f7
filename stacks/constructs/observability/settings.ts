import {
  decimal,
  group,
  list,
  oneOf,
  rule,
  type Settings,
  text,
  textThat,
  wholeNumber,
} from "../../lib/schema";

export const tracingSchema = group({
  /**
   * Share of requests that are traced, beyond the first of each second.
   * @cost 5 $ for a million traces.
   */
  samplingRate: decimal({ least: 0, most: 1 }),
});

export type TracingSettings = Settings<typeof tracingSchema>;

const email = () => text({ pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, allowed: "an e-mail address" });

export const alarmsSchema = group({
  /** Team whose alarms these are; it stands in each of them. */
  owner: text({ pattern: /^[\w -]{2,40}$/, allowed: 'the name of a team such as "platform"' }),
  /** Who is told of everything; each address confirms its subscription once. */
  emails: list(email(), { items: "e-mail addresses" }),
  /**
   * HTTPS endpoints that are told of pages only, and confirm their subscription by themselves, as those of PagerDuty do.
   * @risk Whoever knows such a URL can page.
   */
  pagers: list(
    textThat((value) => /^https:\/\/[^\s/]+\/\S+$/.test(value) && URL.canParse(value), {
      allowed: "an https URL with a path",
    }),
    { items: "https URLs" },
  ),
}).check(
  rule(["emails", "pagers"], ({ emails, pagers }, reject) => {
    if (emails.length + pagers.length > 0) return;
    reject("emails", emails, { allowed: "at least one address", why: "nobody is told" });
  }),
  rule(["emails", "pagers"], ({ emails, pagers }, reject) => {
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
          ? "of a host of its own"
          : `different from "${first.value}" in a letter or a digit`,
        why: `"${first.value}" has the same construct id, ${id}`,
      });
    });
  }),
);

export type AlarmSettings = Settings<typeof alarmsSchema>;

const plain = (endpoint: string): string => endpoint.replace(/[^a-z0-9]/gi, "-");

/** Construct ids of subscriptions. */
export const emailId = (address: string): string => `to-${plain(address)}`;
export const pagerId = (url: string): string => `to-${plain(new URL(url).hostname)}`;

/** Settings of what is on, or `{ off }`. */
type OrOff<On> = On | { readonly off: string };

const percent = () =>
  decimal({
    least: 94,
    below: 100,
    unit: "percent",
    why: "100 leaves no budget, and below 94 not even a failure of everything burns it 14.4 times too fast",
  });
const milliseconds = () => wholeNumber({ least: 1, most: 86_400_000, unit: "ms" });

/** What viewers and creators are promised, each over 30 days. */
export const sloSchema = group({
  /** Requests to the API that are answered without a server error, in percent. */
  availability: percent(),
  /** Requests that are answered in time. */
  latency: group({
    /** How many of them, in percent. */
    percent: percent(),
    /** In how many milliseconds. */
    milliseconds: milliseconds(),
  }),
  /** Videos that are ready in time after their upload has arrived. */
  ready: group({
    /** How many of them, in percent. */
    percent: percent(),
    /** In how many milliseconds. */
    milliseconds: milliseconds(),
  }),
  /** With fewer than these in its longer window no alarm rings: one failure would look like a catastrophe. */
  minimum: group({
    /** Requests to the API. */
    requests: wholeNumber({ least: 1, most: 1_000_000, unit: "requests" }),
    /** Videos uploaded. */
    videos: wholeNumber({ least: 1, most: 1_000_000, unit: "videos" }),
  }),
});

export type SloSettings = Settings<typeof sloSchema>;

export const promisesHaveAlarms = rule<{ slo: OrOff<object>; alarms: OrOff<object> }>(
  ["slo", "alarms"],
  ({ slo, alarms }, reject) => {
    if ("off" in slo || !("off" in alarms)) return;
    reject("slo", slo, { allowed: "off where alarms are", why: "nobody would be told" });
  },
);

export const budgetSchema = group({
  /** What the account may cost in a month, in US dollars. */
  monthlyUsd: wholeNumber({ least: 1, most: 10_000_000, unit: "US dollars" }),
  /** Who is told besides the topic of the alarms. */
  emails: list(email(), { most: 10, items: "e-mail addresses", why: "AWS Budgets takes no more" }),
});

export type BudgetSettings = Settings<typeof budgetSchema>;

export const budgetTellsSomebody = rule<{ budget: OrOff<{ emails: string[] }>; alarms: OrOff<object> }>(
  ["budget", "alarms"],
  ({ budget, alarms }, reject) => {
    if ("off" in budget || budget.emails.length > 0 || !("off" in alarms)) return;
    reject("budget.emails", budget.emails, {
      allowed: "at least one address where alarms are off",
      why: "somebody must be told",
    });
  },
);

export const grafanaSchema = group({
  /**
   * How people sign in.
   * @risk `AWS_SSO` wants IAM Identity Center in the organization.
   */
  authentication: oneOf(["AWS_SSO", "SAML"]),
});

export type GrafanaSettings = Settings<typeof grafanaSchema>;
