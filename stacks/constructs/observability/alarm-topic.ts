import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { Fn, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { document, tlsOnly } from "../../lib/permissions";
import type { Check } from "../../lib/validation";
import { physicalName } from "../../lib/names";
import { PAGE_PREFIX } from "./alarm-definition";
import { optional } from "../../lib/optional";

export interface AlarmSettings {
  /** Team whose alarms these are; it stands in each of them. */
  readonly owner: string;
  /** Who is told of everything; each address confirms its subscription once. */
  readonly emails: readonly string[];
  /**
   * HTTPS endpoints that are told of pages only, and confirm their subscription by themselves, as those of PagerDuty do.
   * Who knows such a URL may page.
   */
  readonly pagers: readonly string[];
}

export interface AlarmTopicProps extends AlarmSettings {
  readonly account: string;
  /** Of the topic, and of the rules that may send to it. */
  readonly region: string;
  /** Of that region, if it is not the stack's. */
  readonly provider?: TerraformProvider;
}

/** A topic that alarms, budgets and events send to, and who is subscribed to it. */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const provider = optional({ provider: props.provider });
    // Not under the key aws/sns: CloudWatch may not use it, and its alarms would be lost.
    const topic = new SnsTopic(this, "Default", { ...provider, name: physicalName(this, "topic") });
    this.arn = topic.arn;
    new SnsTopicPolicy(this, "policy", {
      ...provider,
      arn: topic.arn,
      policy: policy(topic.arn, { account: props.account }),
    });
    for (const endpoint of props.emails) {
      new SnsTopicSubscription(this, `to-${plain(endpoint)}`, {
        ...provider,
        topicArn: topic.arn,
        protocol: "email",
        endpoint,
      });
    }
    for (const endpoint of props.pagers) {
      new SnsTopicSubscription(this, `to-${plain(new URL(endpoint).hostname)}`, {
        ...provider,
        topicArn: topic.arn,
        protocol: "https",
        endpoint,
        endpointAutoConfirms: true,
        filterPolicyScope: "MessageBody",
        filterPolicy: Fn.jsonencode({ AlarmDescription: [{ prefix: PAGE_PREFIX }] }),
      });
    }
  }
}

const plain = (endpoint: string): string => endpoint.replace(/[^a-z0-9]/gi, "-");

function policy(arn: string, { account }: Pick<AlarmTopicProps, "account">): string {
  return document([
    tlsOnly("sns:Publish", arn),
    {
      Sid: "Alarms",
      Effect: "Allow",
      Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
      Action: "sns:Publish",
      Resource: arn,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
    // Without a condition: EventBridge would be refused by any, and nobody told of it.
    {
      Sid: "Events",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: arn,
    },
  ]);
}

export const EMAIL_PATTERN = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function checkAlarms(settings: AlarmSettings, check: Check): void {
  const { owner, emails, pagers } = settings;
  check.matches("owner", owner, {
    pattern: /^[\w -]{2,40}$/,
    allowed: 'the name of a team such as "platform"',
  });
  if (emails.length + pagers.length === 0) {
    check.reject("emails", emails, { allowed: "at least one address", why: "nobody is told" });
  }
  emails.forEach((email, index) =>
    check.matches(`emails[${index}]`, email, { pattern: EMAIL_PATTERN, allowed: "an e-mail address" }),
  );
  const hosts = pagers.map((pager) => (URL.canParse(pager) ? new URL(pager).hostname : pager));
  pagers.forEach((pager, index) => {
    check.matches(`pagers[${index}]`, pager, {
      pattern: /^https:\/\/[^\s/]+\/\S+$/,
      allowed: "an https URL with a path",
    });
    if (hosts.indexOf(hosts[index] ?? "") !== index) {
      check.reject(`pagers[${index}]`, pager, { allowed: "of a host of its own" });
    }
  });
}
